package io.postflight.schema.serde;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

/** Finds the registry that settings name. */
final class Registries {
  /**
   * One for the whole JVM: a client has threads of its own, and a topology has dozens of serdes.
   */
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private Registries() {}

  static SchemaRegistry of(SerdeSettings settings) {
    URI first = settings.urls().get(0);
    if (SerdeSettings.MOCK.equals(first.getScheme())) {
      return InMemorySchemaRegistry.shared(first.getRawAuthority());
    }
    return new PatientSchemaRegistry(
        new HttpSchemaRegistry(
            HTTP, settings.urls(), settings.credentials(), settings.requestTimeout()),
        settings.retry(),
        settings.recheck());
  }
}
