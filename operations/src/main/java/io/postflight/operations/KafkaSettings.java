package io.postflight.operations;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.topic.TopicSizes;
import io.postflight.schema.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of the Kafka cluster; section {@code kafka}. */
public record KafkaSettings(
    @Setting(
            value = "Bootstrap brokers, host:port each.",
            defaultValue = "localhost:9092",
            pattern = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):\\d{1,5}",
            allowed = "host:port",
            server = true)
        List<String> bootstrap,
    @Setting(
            value =
                "Prefix of every topic name, so that several deployments can share one cluster."
                    + " May be empty.",
            defaultValue = "",
            pattern = "[A-Za-z0-9._-]{0,100}",
            allowed = "up to 100 letters, digits, '.', '_', '-'; or empty")
        String topicPrefix,
    @JsonUnwrapped TopicSizes sizes,
    @Setting(
            value =
                "Properties of every Kafka client, such as \"security.protocol\" = SASL_SSL. From"
                    + " the environment: POSTFLIGHT_KAFKA_CLIENT_SECURITY_PROTOCOL.",
            defaultValue = "",
            allowed = "properties of Kafka clients",
            server = true)
        Map<String, String> client) {
  private static final String API_TIMEOUT = "default.api.timeout.ms";
  private static final String REQUEST_TIMEOUT = "request.timeout.ms";
  private static final String TIMEOUT_MILLIS = "15000";

  /** Validates. */
  public KafkaSettings {
    bootstrap = List.copyOf(bootstrap);
    client = Map.copyOf(client);
    SettingDefinition.require(KafkaSettings.class, bootstrap, topicPrefix, sizes, client);
  }

  /** Names of the topics. */
  public Topics topics() {
    return new Topics(topicPrefix);
  }

  /** The bootstrap brokers, separated by commas. */
  public String bootstrapServers() {
    return String.join(",", bootstrap);
  }

  /** Properties of every client. */
  public Map<String, String> clientProperties() {
    Map<String, String> properties = new HashMap<>(client);
    properties.put("bootstrap.servers", bootstrapServers());
    return properties;
  }

  /**
   * Properties of the clients of a command that reads topics: unless the settings have another
   * timeout, a call fails after 15 seconds.
   */
  public Map<String, String> readerProperties() {
    Map<String, String> properties = new HashMap<>(clientProperties());
    String millis = properties.computeIfAbsent(API_TIMEOUT, each -> TIMEOUT_MILLIS);
    // Kafka requires the timeout of a call to be at least that of a request.
    properties.putIfAbsent(REQUEST_TIMEOUT, millis);
    return properties;
  }

  /** The timeout of calls in {@link #readerProperties}. */
  public static Duration timeout(Map<String, String> readerProperties) {
    return Duration.ofMillis(
        Long.parseLong(readerProperties.getOrDefault(API_TIMEOUT, TIMEOUT_MILLIS)));
  }

  /** The same topics on another cluster, without further properties of clients. */
  public KafkaSettings at(String address) {
    return new KafkaSettings(List.of(address.split(",")), topicPrefix, sizes, Map.of());
  }

  /**
   * A copy with another retention of the erasure ledger.
   *
   * @param duration null: indefinitely
   */
  public KafkaSettings withErasuresRetention(@Nullable Duration duration) {
    return RecordCopy.with(this, "sizes", sizes.withErasuresRetention(duration));
  }
}
