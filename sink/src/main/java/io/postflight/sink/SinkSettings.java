package io.postflight.sink;

import io.postflight.store.Tier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Settings of one tier's sink.
 *
 * @param name of the sink, in metrics and logs: the tier's name, and the lane's if it is another
 *     than the main one
 * @param tier what it writes
 * @param topic what it reads
 * @param deadLetterTopic where records go that cannot be stored
 * @param applicationId Kafka Streams' application.id, and so the consumer group
 * @param stateDirectory Kafka Streams' state.dir; holds nothing of value
 * @param threads stream threads
 * @param limits how much is in flight
 * @param roomWait how long the intake waits for room between two polls, before it is stopped
 * @param retryBase ceiling of the pause before a second attempt
 * @param retryCap ceiling of the pause between any two attempts
 * @param topicWait how long topics that are missing are waited for at start
 * @param kafka further Kafka properties, {@code bootstrap.servers} among them; they win over ours,
 *     but those that would break the promise are refused
 */
public record SinkSettings(
    String name,
    Tier tier,
    String topic,
    String deadLetterTopic,
    String applicationId,
    Path stateDirectory,
    int threads,
    WriteLimits limits,
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

  /** The usual settings. */
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
        WriteLimits.DEFAULT,
        Duration.ofMillis(100),
        Duration.ofMillis(50),
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        Map.of(BOOTSTRAP, bootstrapServers));
  }

  /** The same with other limits. */
  public SinkSettings withLimits(WriteLimits other) {
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

  /** The same with other Kafka properties. */
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

  private static void positive(String field, Duration value, Duration most) {
    if (value.toMillis() < 1 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(field + " is " + value + "; allowed is 1 ms to " + most);
    }
  }
}
