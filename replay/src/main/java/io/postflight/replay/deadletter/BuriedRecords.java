package io.postflight.replay.deadletter;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which records of some topics are dead letters, as far back as {@code dead.letters} reaches. It is
 * read when it is first asked for, and again, from where it was, when a record is not among those
 * known and some time has gone by.
 *
 * <p>Not thread-safe.
 */
public final class BuriedRecords {
  /** A letter's time may stand this much behind that of its record, whoever's clocks they were. */
  private static final long OVERLAP_MILLIS = 600_000;

  private static final long AGAIN_MILLIS = 5_000;

  private final Map<String, ?> kafka;
  private final String topic;
  private final Set<String> sources;
  private final Duration patience;
  private final LongSupplier clock;
  private final Set<String> places = new HashSet<>();

  private long from;
  private long next = Long.MIN_VALUE;

  /**
   * Nothing is read yet.
   *
   * @param topic of dead letters; need not be there
   * @param sources topics of the records that may be asked for
   * @param from no record that is asked for was appended before this, epoch milliseconds
   * @param clock epoch milliseconds
   */
  public BuriedRecords(
      Map<String, ?> kafka,
      String topic,
      Set<String> sources,
      long from,
      Duration patience,
      LongSupplier clock) {
    this.kafka = Map.copyOf(kafka);
    this.topic = topic;
    this.sources = Set.copyOf(sources);
    this.patience = patience;
    this.clock = clock;
    this.from = from - OVERLAP_MILLIS;
  }

  /**
   * Whether a record is a dead letter.
   *
   * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
   */
  public boolean contains(String source, int partition, long offset) {
    String place = source + '-' + partition + '@' + offset;
    if (!places.contains(place) && clock.getAsLong() >= next) {
      read();
    }
    return places.contains(place);
  }

  private void read() {
    long now = clock.getAsLong();
    try (TopicScan scan =
        TopicScan.open(kafka, topic, Math.max(0, from), Long.MAX_VALUE, patience)) {
      ConsumerRecord<byte[], byte[]> record;
      while ((record = scan.next()) != null) {
        Letter letter = new Letter(record);
        if (letter.sourceTopic() != null && sources.contains(letter.sourceTopic())) {
          places.add(String.valueOf(letter.source()));
        }
      }
    } catch (MissingTopicException none) {
      // Nothing has ever been buried.
    }
    from = now - OVERLAP_MILLIS;
    next = clock.getAsLong() + AGAIN_MILLIS;
  }
}
