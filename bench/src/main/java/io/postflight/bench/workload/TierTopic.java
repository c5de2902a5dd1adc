package io.postflight.bench.workload;

import io.postflight.operations.Progress;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.topic.TopicLog;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import java.time.Duration;
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
  public static Content fill(DeploymentSettings settings, Progress progress)
      throws InterruptedException {
    progress.step("Making the tier's topic with the topology");
    long appended = System.currentTimeMillis();
    try (MeasuredRoles topology = MeasuredRoles.topology(settings)) {
      topology.await(role -> role.caughtUpAsOf() >= appended, POLL_MILLIS);
    }
    return read(settings);
  }

  /** Reads it. */
  public static Content read(DeploymentSettings settings) {
    Tier tier = settings.tier(BenchTenants.TIER).orElseThrow().tier();
    String topic = settings.kafka().topics().store(tier.name());
    Deserializer<TierRecord> values =
        AvroSerdes.of(settings.registry().serdeProperties()).value(TierRecord.class).deserializer();
    long[] sums = new long[3];
    try (TopicLog log = TopicLog.open(settings.kafka().clientProperties(), TIMEOUT)) {
      log.seek(log.ranges(log.partitions(topic), 0, Long.MAX_VALUE));
      log.readToEnd(
          record -> {
            sums[0]++;
            sums[1] += Rows.of(values.deserialize(topic, record.value()), tier).size();
            sums[2] += record.value().length;
          });
    }
    return new Content(sums[0], sums[1], sums[2]);
  }
}
