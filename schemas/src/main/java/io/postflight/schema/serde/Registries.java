package io.postflight.schema.serde;

/** Creates the registry client for the settings. */
final class Registries {
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
            settings.urls(), settings.credentials(), settings.requestTimeout());
  }
}
