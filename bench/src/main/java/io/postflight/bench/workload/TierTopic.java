package io.postflight.bench.workload;

import io.postflight.operations.Progress;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.TopicLog;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** A tier's topic with the records that the real topology makes of simulated webhooks. */
public final class TierTopic {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 100;

  private TierTopic() {}

  /**
   * What the topic has.
   *
   * @param records of events
   * @param rows that they are in the tables
   * @param bytes of their values
   */
  public record Content(long records, long rows, long bytes) {}

  /** Runs the topology until all of {@code raw.webhooks} is processed. */
  public static void fill(Deployment deployment, Progress progress) throws InterruptedException {
    progress.step("Making the tier's topic with the topology");
    long appended = System.currentTimeMillis();
    try (MeasuredRoles topology = MeasuredRoles.topology(deployment)) {
      topology.await(role -> role.caughtUpAsOf() >= appended, POLL_MILLIS);
    }
  }

  /** Reads it; there is one tier. */
  public static Content read(DeploymentSettings settings) {
    Tier tier = settings.tiers().get(0).tier();
    Deserializer<TierRecord> values =
        AvroSerdes.of(settings.registry().serdeProperties()).value(TierRecord.class).deserializer();
    long[] sums = new long[3];
    try (TopicLog log = open(settings)) {
      log.readToEnd(
          record -> {
            sums[0]++;
            sums[1] += Rows.of(values.deserialize(record.topic(), record.value()), tier).size();
            sums[2] += record.value().length;
          });
    }
    return new Content(sums[0], sums[1], sums[2]);
  }

  /** Begins to read those of all tiers, from their start to their present ends. */
  public static TopicLog open(DeploymentSettings settings) {
    TopicLog log = TopicLog.open(settings.kafka().clientProperties(), TIMEOUT);
    List<TopicPartition> partitions =
        settings.tierNames().stream()
            .flatMap(tier -> log.partitions(settings.kafka().topics().store(tier)).stream())
            .toList();
    log.seek(log.ranges(partitions, 0, Long.MAX_VALUE));
    return log;
  }
}
