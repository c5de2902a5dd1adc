package io.postflight.sink;

import io.postflight.store.Tier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Settings of one tier's sink.
 *
 * @param name name of the sink in metrics and logs: the tier's name, plus the lane's if it is not
 *     the main lane
 * @param tier the tier that it writes
 * @param topic the topic that it reads
 * @param deadLetterTopic topic of records that cannot be stored
 * @param applicationId Kafka Streams' application.id, and so the consumer group
 * @param stateDirectory Kafka Streams' state.dir; it holds no data that has to be kept
 * @param threads stream threads
 * @param limits limits on the data in flight
 * @param roomWait how long a stream thread may wait for capacity between two polls before
 *     consumption is paused
 * @param retryBase maximum delay before the second attempt
 * @param retryCap maximum delay between any two attempts
 * @param topicWait how long missing topics are awaited at start
 * @param kafka further Kafka properties, {@code bootstrap.servers} among them; they override the
 *     defaults; those that would break at-least-once delivery are rejected
 */
public record SinkSettings(
    String name,
    Tier tier,
    String topic,
    String deadLetterTopic,
    String applicationId,
    Path stateDirectory,
    int threads,
    SinkLimits limits,
    Duration roomWait,
    Duration retryBase,
    Duration retryCap,
    Duration topicWait,
    Map<String, String> kafka) {
  private static final Pattern KAFKA_NAME = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final String BOOTSTRAP = "bootstrap.servers";

  /** Validates. */
  public SinkSettings {
    kafkaName("topic", topic);
    kafkaName("deadLetterTopic", deadLetterTopic);
    kafkaName("applicationId", applicationId);
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; allowed are numbers from 1");
    }
    positive("roomWait", roomWait, Duration.ofSeconds(10));
    positive("retryBase", retryBase, retryCap);
    positive("retryCap", retryCap, Duration.ofMinutes(5));
    positive("topicWait", topicWait, Duration.ofDays(1));
    kafka = Map.copyOf(kafka);
    if (kafka.getOrDefault(BOOTSTRAP, "").isBlank()) {
      throw new IllegalArgumentException(
          "kafka." + BOOTSTRAP + " is missing; host:port, several with commas");
    }
  }

  /** Default settings. */
  public static SinkSettings of(
      Tier tier,
      String topic,
      String deadLetterTopic,
      String applicationId,
      Path stateDirectory,
      String bootstrapServers) {
    return new SinkSettings(
        tier.name(),
        tier,
        topic,
        deadLetterTopic,
        applicationId,
        stateDirectory,
        1,
        SinkLimits.DEFAULT,
        Duration.ofMillis(100),
        Duration.ofMillis(50),
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        Map.of(BOOTSTRAP, bootstrapServers));
  }

  /** These settings with other limits. */
  public SinkSettings withLimits(SinkLimits other) {
    return new SinkSettings(
        name,
        tier,
        topic,
        deadLetterTopic,
        applicationId,
        stateDirectory,
        threads,
        other,
        roomWait,
        retryBase,
        retryCap,
        topicWait,
        kafka);
  }

  /** These settings with other Kafka properties. */
  public SinkSettings withKafka(Map<String, String> other) {
    return new SinkSettings(
        name,
        tier,
        topic,
        deadLetterTopic,
        applicationId,
        stateDirectory,
        threads,
        limits,
        roomWait,
        retryBase,
        retryCap,
        topicWait,
        other);
  }

  private static void kafkaName(String field, String value) {
    if (!KAFKA_NAME.matcher(value).matches()) {
      throw new IllegalArgumentException(field + " is '" + value + "'; allowed is " + KAFKA_NAME);
    }
  }

  private static void positive(String field, Duration value, Duration max) {
    if (value.toMillis() < 1 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(field + " is " + value + "; allowed is 1 ms to " + max);
    }
  }
}
