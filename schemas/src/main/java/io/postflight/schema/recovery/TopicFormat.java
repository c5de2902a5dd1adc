package io.postflight.schema.recovery;

import io.postflight.schema.topic.OffsetRange;
import io.postflight.schema.topic.TopicLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The version of the format of a deployment's topics, changelogs included, and so of the state that
 * is restored from them: keys, partitioning, headers and schemas. It changes with every change
 * after which this version cannot read existing records, or an earlier one misreads new records; a
 * new field with a default is no such change.
 *
 * <p>It is a record of topic {@code recoveries}, which every role reads, without the schema
 * registry: that one guards the schemas of single values only. Topics in which nothing is recorded
 * are new, or have the first format.
 */
public final class TopicFormat {
  /** This version. */
  public static final String VERSION = "1";

  /** The version that was not recorded at first. */
  private static final String FIRST = "1";

  /** The key of the record; no tier has such a name. */
  static final String KEY = "format/topics";

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private TopicFormat() {}

  /**
   * The version of the topics.
   *
   * @param kafka client settings, {@code bootstrap.servers} at least
   * @return empty: they are new
   * @throws KafkaException if Kafka does not respond, or the topic is missing
   */
  public static Optional<String> read(Map<String, ?> kafka, String topic) {
    byte[] key = KEY.getBytes(StandardCharsets.UTF_8);
    AtomicReference<@Nullable String> found = new AtomicReference<>();
    try (TopicLog log = TopicLog.open(kafka, TIMEOUT)) {
      Map<TopicPartition, OffsetRange> all =
          log.ranges(List.of(log.onlyPartition(topic)), 0, Long.MAX_VALUE);
      log.seek(all);
      log.readToEnd(
          record -> {
            if (Arrays.equals(key, record.key()) && record.value() != null) {
              found.set(new String(record.value(), StandardCharsets.UTF_8));
            }
          });
      boolean isNew = all.values().stream().allMatch(range -> range.to() == 0);
      return Optional.ofNullable(found.get())
          .or(() -> isNew ? Optional.empty() : Optional.of(FIRST));
    }
  }

  /** Records this version. */
  public static void write(Map<String, ?> kafka, String topic) {
    var unused = RecoveryFeed.append(kafka, topic, KEY, VERSION);
  }
}
