package io.postflight.operations;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The schema registry.
 *
 * @param url its address
 * @param credentials {@code user:password} for basic authentication
 */
public record RegistrySettings(URI url, Optional<String> credentials) {
  /** What serdes are given. */
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

  /** Without the credentials. */
  @Override
  public String toString() {
    return "RegistrySettings[" + url + "]";
  }
}
