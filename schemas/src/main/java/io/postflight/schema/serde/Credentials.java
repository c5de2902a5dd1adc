package io.postflight.schema.serde;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Credentials for the registry: the value of the Authorization header, if any. */
final class Credentials {
  private final @Nullable String configured;
  private final boolean fromUrl;

  private Credentials(@Nullable String configured, boolean fromUrl) {
    this.configured = configured;
    this.fromUrl = fromUrl;
  }

  /**
   * Reads Confluent's keys.
   *
   * @throws ConfigException naming key, value and what is allowed
   */
  static Credentials of(Map<String, ?> config) {
    String bearer = text(config, "bearer.auth.credentials.source", "");
    if (!bearer.isEmpty()) {
      if (!bearer.equals("STATIC_TOKEN")) {
        throw new ConfigException(
            "bearer.auth.credentials.source", bearer, "allowed: STATIC_TOKEN");
      }
      return new Credentials("Bearer " + required(config, "bearer.auth.token"), false);
    }
    String source = text(config, "basic.auth.credentials.source", "URL").toUpperCase(Locale.ROOT);
    return switch (source) {
      case "URL" -> new Credentials(null, true);
      case "USER_INFO" -> new Credentials(basic(userInfo(config)), false);
      default ->
          throw new ConfigException(
              "basic.auth.credentials.source", source, "allowed: URL, USER_INFO");
    };
  }

  /** The Authorization header for a registry at this URL; null for none. */
  @Nullable String authorization(URI url) {
    String userInfo = url.getUserInfo();
    return fromUrl && userInfo != null ? basic(userInfo) : configured;
  }

  private static String userInfo(Map<String, ?> config) {
    String user = text(config, "schema.registry.basic.auth.user.info", "");
    return user.isEmpty() ? required(config, "basic.auth.user.info") : user;
  }

  private static String required(Map<String, ?> config, String key) {
    String value = text(config, key, "");
    if (value.isEmpty()) {
      throw new ConfigException("'%s' is required".formatted(key));
    }
    return value;
  }

  private static String text(Map<String, ?> config, String key, String otherwise) {
    Object value = config.get(key);
    return value == null ? otherwise : value.toString().trim();
  }

  private static String basic(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }
}
