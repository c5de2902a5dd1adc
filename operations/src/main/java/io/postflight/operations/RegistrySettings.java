package io.postflight.operations;

import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Settings of the schema registry; section {@code registry}. */
public record RegistrySettings(
    @Setting(
            value =
                "Address of the schema registry, which implements the Confluent Schema Registry"
                    + " REST API.",
            defaultValue = "http://localhost:8081",
            server = true)
        URI url,
    @Setting(
            value = "user:password for basic authentication; empty for none.",
            defaultValue = "",
            allowed = "user:password",
            none = "",
            secret = true,
            server = true)
        Optional<String> credentials) {
  private static final String RETRY_MILLIS = "5000";

  /** Validates. */
  public RegistrySettings {
    SettingDefinition.require(RegistrySettings.class, url, credentials);
    if (url.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "registry.url has a user, which would be printed; use registry.credentials instead");
    }
  }

  /** Properties of serdes. */
  public Map<String, String> serdeProperties() {
    Map<String, String> properties = new HashMap<>();
    properties.put("schema.registry.url", url.toString());
    credentials.ifPresent(
        userInfo -> {
          properties.put("basic.auth.credentials.source", "USER_INFO");
          properties.put("basic.auth.user.info", userInfo);
        });
    return properties;
  }

  /** The serdes of a command, which does not wait for a registry that is unavailable. */
  public AvroSerdes serdesOfCommand() {
    Map<String, String> properties = serdeProperties();
    properties.put(AvroSerdes.RETRY_MS, RETRY_MILLIS);
    return AvroSerdes.of(properties);
  }

  /** Without the credentials. */
  @Override
  public String toString() {
    return "RegistrySettings[" + url + "]";
  }
}
