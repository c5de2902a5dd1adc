package io.postflight.schema.serde;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the serializer and the deserializer. Keys and defaults are Confluent's, except keys
 * that start with {@code postflight.}.
 *
 * @param urls of the registry; the first that is available is used
 * @param autoRegister whether the serializer registers unknown schemas
 * @param useLatest whether the serializer uses the subject's newest version
 * @param subjects the subject name strategy
 * @param specificReader whether the deserializer returns generated records
 * @param type the generated record to return, whatever the writer's name; null: the writer's
 * @param requestTimeout timeout of one request
 * @param retry how long a call is retried while the registry is unavailable
 * @param recheck how long the lookup of an unknown id is retried
 */
record SerdeSettings(
    boolean key,
    List<URI> urls,
    Credentials credentials,
    boolean autoRegister,
    boolean useLatest,
    SubjectNameStrategy subjects,
    boolean specificReader,
    @Nullable Class<?> type,
    Duration requestTimeout,
    Duration retry,
    Duration recheck) {
  static final String URL = "schema.registry.url";
  static final String MOCK = "mock";

  /**
   * @throws ConfigException naming key, value and what is allowed
   */
  static SerdeSettings of(Map<String, ?> config, boolean key) {
    String side = key ? "key" : "value";
    String strategyKey = side + ".subject.name.strategy";
    Object strategy = config.get(strategyKey);
    return new SerdeSettings(
        key,
        urls(config.get(URL)),
        Credentials.of(config),
        flag(config, "auto.register.schemas", true),
        flag(config, "use.latest.version", false),
        strategy == null
            ? SubjectNameStrategy.TOPIC_NAME
            : SubjectNameStrategy.parse(strategyKey, strategy),
        flag(config, "specific.avro.reader", false),
        type(config, "specific.avro." + side + ".type"),
        millis(config, "http.read.timeout.ms", 10_000),
        millis(config, AvroSerdes.RETRY_MS, 60_000),
        millis(config, AvroSerdes.RECHECK_MS, 2_000));
  }

  /** Whether the registry is in memory. */
  boolean mock() {
    return MOCK.equals(urls.get(0).getScheme());
  }

  /** Retries, the last of which may begin just before their end; and the same for the recheck. */
  Duration longestWait() {
    Duration lastRequests = requestTimeout.multipliedBy(2L * urls.size());
    return mock() ? Duration.ZERO : retry.plus(recheck).plus(lastRequests);
  }

  private static List<URI> urls(@Nullable Object configured) {
    List<String> parts =
        configured instanceof List<?> list
            ? list.stream().map(Object::toString).toList()
            : Arrays.asList((configured == null ? "" : configured.toString()).split(",", -1));
    List<URI> urls = parts.stream().map(String::trim).map(SerdeSettings::url).toList();
    if (urls.size() > 1 && urls.stream().anyMatch(url -> MOCK.equals(url.getScheme()))) {
      throw new ConfigException(URL, configured, "mock:// cannot be combined with other URLs");
    }
    return urls;
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text);
      if (url.getScheme() != null
          && List.of("http", "https", MOCK).contains(url.getScheme())
          && url.getRawAuthority() != null) {
        return url;
      }
    } catch (java.net.URISyntaxException malformed) {
      throw notAUrl(text);
    }
    throw notAUrl(text);
  }

  private static ConfigException notAUrl(String text) {
    return new ConfigException(
        URL,
        text,
        "allowed: http://host:port or https://host:port (several with commas), mock://scope");
  }

  private static boolean flag(Map<String, ?> config, String key, boolean otherwise) {
    return parsed(
        config,
        key,
        otherwise,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new ConfigException(key, text, "allowed: true, false");
            });
  }

  private static Duration millis(Map<String, ?> config, String key, long otherwise) {
    return parsed(
        config,
        key,
        Duration.ofMillis(otherwise),
        text -> {
          try {
            long millis = Long.parseLong(text);
            if (millis >= 0) {
              return Duration.ofMillis(millis);
            }
          } catch (NumberFormatException notANumber) {
            throw new ConfigException(key, text, "allowed: milliseconds, 0 or more");
          }
          throw new ConfigException(key, text, "allowed: milliseconds, 0 or more");
        });
  }

  private static @Nullable Class<?> type(Map<String, ?> config, String key) {
    Object configured = config.get(key);
    if (configured == null || configured instanceof Class<?>) {
      return (Class<?>) configured;
    }
    try {
      return org.apache.kafka.common.utils.Utils.loadClass(configured.toString(), Object.class);
    } catch (ClassNotFoundException unknown) {
      throw new ConfigException(key, configured, "allowed: the name of a generated Avro class");
    }
  }

  private static <T> T parsed(
      Map<String, ?> config, String key, T otherwise, Function<String, T> parse) {
    Object value = config.get(key);
    return value == null ? otherwise : parse.apply(value.toString().trim());
  }
}
