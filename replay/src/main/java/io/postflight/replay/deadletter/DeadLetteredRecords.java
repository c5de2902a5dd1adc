package io.postflight.replay.deadletter;

import io.postflight.schema.topic.MissingTopicException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which records of some topics are dead letters, as far back as {@code dead.letters} reaches. Holds
 * the records that are asked for and no others, however many letters there are; so it is to be
 * asked for many at a time, since it reads the letters each time.
 *
 * <p>Not thread-safe.
 */
public final class DeadLetteredRecords {
  /** A letter's time may stand this much behind that of its record, whoever's clocks they were. */
  private static final long OVERLAP_MILLIS = 600_000;

  private final Map<String, ?> kafka;
  private final String topic;
  private final Set<String> sources;
  private final Duration timeout;
  private final LongSupplier clock;

  /** Before this there is no letter of the sources, epoch milliseconds. */
  private long from;

  /**
   * Nothing is read yet.
   *
   * @param topic of dead letters; need not be there
   * @param sources topics of the records that may be asked for
   * @param from no record that is asked for was appended before this, epoch milliseconds
   * @param clock epoch milliseconds
   */
  public DeadLetteredRecords(
      Map<String, ?> kafka,
      String topic,
      Set<String> sources,
      long from,
      Duration timeout,
      LongSupplier clock) {
    this.kafka = Map.copyOf(kafka);
    this.topic = topic;
    this.sources = Set.copyOf(sources);
    this.timeout = timeout;
    this.clock = clock;
    this.from = from - OVERLAP_MILLIS;
  }

  /**
   * Which of some records are dead letters.
   *
   * @param places of the records, {@code topic-partition@offset}
   * @return those of them that are
   * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
   */
  public Set<String> among(Set<String> places) {
    Set<String> buried = new HashSet<>();
    if (places.isEmpty()) {
      return buried;
    }
    long now = clock.getAsLong();
    boolean any = false;
    try (TopicScan scan =
        TopicScan.open(kafka, topic, Math.max(0, from), Long.MAX_VALUE, timeout)) {
      ConsumerRecord<byte[], byte[]> record;
      while ((record = scan.next()) != null) {
        DeadLetterRecord letter = new DeadLetterRecord(record);
        if (letter.sourceTopic() != null && sources.contains(letter.sourceTopic())) {
          any = true;
          String place = String.valueOf(letter.source());
          if (places.contains(place)) {
            buried.add(place);
          }
        }
      }
    } catch (MissingTopicException none) {
      // Nothing has ever been buried.
    }
    if (!any) {
      from = Math.max(from, now - OVERLAP_MILLIS);
    }
    return buried;
  }
}
