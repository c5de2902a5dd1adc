package io.postflight.schema.serde;

import java.net.http.HttpClient;
import java.time.Duration;

/** Creates the registry client for the settings. */
final class Registries {
  /**
   * One for the whole JVM, since a client has its own threads and a topology has dozens of serdes.
   */
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private Registries() {}

  static SchemaRegistry of(SerdeSettings settings) {
    SchemaRegistry registry = withoutRetries(settings);
    return settings.mock()
        ? registry
        : new RetryingSchemaRegistry(registry, settings.retry(), settings.recheck());
  }

  static SchemaRegistry withoutRetries(SerdeSettings settings) {
    return settings.mock()
        ? InMemorySchemaRegistry.shared(settings.urls().get(0).getRawAuthority())
        : new HttpSchemaRegistry(
            HTTP, settings.urls(), settings.credentials(), settings.requestTimeout());
  }
}
