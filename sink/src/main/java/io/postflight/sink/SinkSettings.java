package io.postflight.sink;

import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.SettingsBinder;
import io.postflight.sink.write.SinkLimits;
import io.postflight.store.Tier;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Settings of one tier's sink.
 *
 * @param tier the tier that it writes
 * @param source what it reads
 * @param role settings of the role
 * @param kafka further Kafka properties, {@code bootstrap.servers} among them; they override the
 *     defaults; those that would break at-least-once delivery are rejected
 */
public record SinkSettings(
    Tier tier, Source source, SinkRoleSettings role, Map<String, String> kafka) {
  private static final String BOOTSTRAP = "bootstrap.servers";

  /** Validates. */
  public SinkSettings {
    kafka = Map.copyOf(kafka);
    if (kafka.getOrDefault(BOOTSTRAP, "").isBlank()) {
      throw new IllegalArgumentException(
          "kafka." + BOOTSTRAP + " is missing; host:port, several with commas");
    }
  }

  /** Default settings. */
  public static SinkSettings of(
      Tier tier, Source source, Path stateDirectory, String bootstrapServers) {
    return new SinkSettings(
        tier,
        source,
        SettingsBinder.defaults(SinkRoleSettings.class).withStateDir(stateDirectory),
        Map.of(BOOTSTRAP, bootstrapServers));
  }

  /** Name of the sink in metrics and logs: the tier's name. */
  public String name() {
    return tier.name();
  }

  /** Limits on the data in flight. */
  public SinkLimits limits() {
    return role.limits();
  }

  /** These settings with other limits. */
  public SinkSettings withLimits(SinkLimits other) {
    return RecordCopy.with(this, "role", role.withLimits(other));
  }

  /** These settings with other Kafka properties. */
  public SinkSettings withKafka(Map<String, String> other) {
    return RecordCopy.with(this, "kafka", other);
  }

  /**
   * What a sink reads.
   *
   * @param topic the topic
   * @param deadLetterTopic topic of records that cannot be stored
   * @param applicationId Kafka Streams' application.id, and so the consumer group
   */
  public record Source(String topic, String deadLetterTopic, String applicationId) {
    private static final Pattern KAFKA_NAME = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    /** Validates. */
    public Source {
      requireName("topic", topic);
      requireName("deadLetterTopic", deadLetterTopic);
      requireName("applicationId", applicationId);
    }

    private static void requireName(String field, String value) {
      if (!KAFKA_NAME.matcher(value).matches()) {
        throw new IllegalArgumentException(field + " is '" + value + "'; allowed is " + KAFKA_NAME);
      }
    }
  }
}
