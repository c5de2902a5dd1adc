package io.postflight.replay.deadletter;

import io.postflight.schema.topic.MissingTopicException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Finds which records of some topics were dead-lettered, within the retention of {@code
 * dead.letters}. Memory is bounded by the records queried. Every query reads the topic, so query in
 * batches.
 *
 * <p>Not thread-safe.
 */
public final class DeadLetteredRecords {
  /** Clock skew tolerated between a dead letter's timestamp and its source record's. */
  private static final long OVERLAP_MILLIS = 600_000;

  private final Map<String, ?> kafka;
  private final String topic;
  private final Set<String> sources;
  private final Duration timeout;

  /** The sources have no dead letter before this time, epoch milliseconds. */
  private long from;

  /**
   * The records that may be queried.
   *
   * @param topics their topics
   * @param from lower bound of their append time, epoch milliseconds
   */
  public record Sources(Set<String> topics, long from) {}

  /**
   * Opens no connection yet.
   *
   * @param topic of dead letters; may be missing
   */
  public DeadLetteredRecords(
      Map<String, ?> kafka, String topic, Sources sources, Duration timeout) {
    this.kafka = Map.copyOf(kafka);
    this.topic = topic;
    this.sources = Set.copyOf(sources.topics());
    this.timeout = timeout;
    this.from = sources.from() - OVERLAP_MILLIS;
  }

  /**
   * Finds the records that were dead-lettered.
   *
   * @param positions positions of the records, {@code topic-partition@offset}
   * @return the subset that was dead-lettered
   * @throws org.apache.kafka.common.KafkaException if Kafka is unavailable
   */
  public Set<String> among(Set<String> positions) {
    Set<String> found = new HashSet<>();
    if (positions.isEmpty()) {
      return found;
    }
    long now = System.currentTimeMillis();
    boolean any = false;
    try (TopicScan scan =
        TopicScan.open(kafka, topic, Math.max(0, from), Long.MAX_VALUE, timeout)) {
      ConsumerRecord<byte[], byte[]> record;
      while ((record = scan.next()) != null) {
        DeadLetterRecord deadLetter = new DeadLetterRecord(record);
        if (deadLetter.sourceTopic() != null && sources.contains(deadLetter.sourceTopic())) {
          any = true;
          String position = String.valueOf(deadLetter.source());
          if (positions.contains(position)) {
            found.add(position);
          }
        }
      }
    } catch (MissingTopicException none) {
      // Nothing has been dead-lettered.
    }
    if (!any) {
      from = Math.max(from, now - OVERLAP_MILLIS);
    }
    return found;
  }
}
