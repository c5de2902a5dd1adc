package io.postflight.schema.topic;

import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.settings.SettingsBinder;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Partitions, replication and retention of the topics that are created.
 *
 * @param erasuresRetention retention of the erasure ledger: the longest retention of a tier plus
 *     the age of the oldest backup that may be restored; null: indefinitely
 */
public record TopicSizes(
    @Setting(
            value = "Replication factor of created topics.",
            defaultValue = "3",
            min = "1",
            max = "9")
        int replication,
    @Setting("Number of partitions of created topics.") PartitionCounts partitions,
    @Setting("Retention of created topics.") Retention retention,
    @Nullable Duration erasuresRetention) {

  /** Validates. */
  public TopicSizes {
    SettingDefinition.require(
        TopicSizes.class, replication, partitions, retention, erasuresRetention);
    if (erasuresRetention != null && erasuresRetention.toMillis() < 1) {
      throw new IllegalArgumentException(
          "erasuresRetention is " + erasuresRetention + "; allowed: 1 ms or more");
    }
  }

  /** The same number of partitions for all topics, with default retentions. */
  public static TopicSizes of(int partitions, int replication) {
    return SettingsBinder.with(
            TopicSizes.class,
            Map.of(
                "replication", Integer.toString(replication),
                "partitions.raw", Integer.toString(partitions),
                "partitions.events", Integer.toString(partitions),
                "partitions.store", Integer.toString(partitions)))
        .withErasuresRetention(Duration.ofDays(120));
  }

  /**
   * A copy with another retention of the erasure ledger.
   *
   * @param duration null: indefinitely
   */
  public TopicSizes withErasuresRetention(@Nullable Duration duration) {
    return new TopicSizes(replication, partitions, retention, duration);
  }

  /** Number of partitions. */
  public record PartitionCounts(
      @Setting(
              value =
                  "raw.webhooks and dead.letters: the maximum number of threads that normalize.",
              defaultValue = "12",
              min = "1",
              max = "1000")
          int raw,
      @Setting(
              value =
                  "events and postflight: the maximum number of lifecycle threads. Fixed once"
                      + " created, since state is partitioned by it.",
              defaultValue = "12",
              min = "1",
              max = "1000")
          int events,
      @Setting(
              value = "store.<tier>: the maximum number of threads that write one tier.",
              defaultValue = "12",
              min = "1",
              max = "1000")
          int store) {
    /** Validates. */
    public PartitionCounts {
      SettingDefinition.require(PartitionCounts.class, raw, events, store);
    }
  }

  /** Retention of topics, and what it has to cover. */
  public record Retention(
      @Setting(
              value = "raw.webhooks: how far back a fixed adapter can read again.",
              defaultValue = "14d",
              min = "1h",
              max = "3650d")
          Duration raw,
      @Setting(
              value = "events: longer than the oldest webhook that is read again.",
              defaultValue = "30d",
              min = "1h",
              max = "3650d")
          Duration events,
      @Setting(
              value = "postflight: how far back other consumers can read.",
              defaultValue = "7d",
              min = "1h",
              max = "3650d")
          Duration postflight,
      @Setting(
              value =
                  "store.<tier>: how far back a tier can be restored; longer than the interval"
                      + " between backups of its cluster.",
              defaultValue = "14d",
              min = "1h",
              max = "3650d")
          Duration store,
      @Setting(
              value = "dead.letters: how long they can be inspected and redriven.",
              defaultValue = "30d",
              min = "1h",
              max = "3650d")
          Duration deadLetters,
      @Setting(
              value =
                  "Age of the oldest backup of a tier's cluster that may be restored. The erasure"
                      + " ledger is retained for the longest retention of a tier plus this.",
              defaultValue = "30d",
              min = "1h",
              max = "3650d")
          Duration backups,
      @Setting(
              value =
                  "Interval between backups of a tier's cluster. Only used by doctor, which"
                      + " compares the retention of store.<tier> with it.",
              defaultValue = "1d",
              min = "1h",
              max = "3650d")
          Duration backupInterval) {
    /** Validates. */
    public Retention {
      SettingDefinition.require(
          Retention.class, raw, events, postflight, store, deadLetters, backups, backupInterval);
    }
  }
}
