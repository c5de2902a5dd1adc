package io.postflight.operations.replay;

import io.postflight.operations.KafkaSettings;
import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.Progress;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.ServerFaults;
import io.postflight.schema.recovery.RecoveryFeed;
import io.postflight.schema.recovery.RecoveryPhase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Which tiers of a deployment are in recovery: its topic {@code recoveries}. All methods throw an
 * {@link OperationException} if Kafka is unavailable, or the topic is missing or has several
 * partitions.
 */
public final class RecoveryTopic {
  private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 200;
  private static final long VALID_NANOS = Duration.ofSeconds(1).toNanos();

  private final Map<String, String> kafka;
  private final String topic;

  /** For the deployment of a Kafka cluster. */
  public RecoveryTopic(KafkaSettings settings) {
    this.kafka = settings.clientProperties();
    this.topic = settings.topics().recoveries();
  }

  /**
   * Names the servers that the recovery of a tier works on, in one line.
   *
   * @throws OperationException if there is no such tier
   */
  public static String target(OperationsSettings settings, String name) {
    StorageTier tier = settings.requireTier(name);
    return "Tier %s: cluster %s, keyspace %s; Kafka at %s, topic %s"
        .formatted(
            tier.name(),
            tier.cluster().contactPoints(),
            tier.cluster().keyspace(),
            settings.kafka().bootstrapServers(),
            settings.kafka().topics().recoveries());
  }

  /** The phase of each tier that is in recovery. */
  public Map<String, RecoveryPhase> phases() {
    return mapped(() -> RecoveryFeed.read(kafka, topic));
  }

  /** Whether a tier is in recovery, at most a second old. Not thread-safe. */
  BooleanSupplier recovering(String tier) {
    return new BooleanSupplier() {
      private @Nullable Long readAt;
      private boolean recovering;

      @Override
      public boolean getAsBoolean() {
        long now = System.nanoTime();
        if (readAt == null || now - readAt > VALID_NANOS) {
          recovering = phases().containsKey(tier);
          readAt = now;
        }
        return recovering;
      }
    };
  }

  /** Begins the recovery of a tier, and waits until every API instance has acknowledged it. */
  public RecoveryStart start(String tier, Progress progress) {
    boolean before = phases().get(tier) == RecoveryPhase.LOADING;
    RecoveryFeed.Written phase = write(tier, RecoveryPhase.LOADING);
    return new RecoveryStart(
        tier, RecoveryPhase.LOADING.name(), before, awaitInstances(phase, progress));
  }

  RecoveryFeed.Written write(String tier, @Nullable RecoveryPhase phase) {
    return mapped(() -> RecoveryFeed.write(kafka, topic, tier, phase));
  }

  private List<String> awaitInstances(RecoveryFeed.Written phase, Progress progress) {
    long end = System.nanoTime() + ACKNOWLEDGED_WITHIN.toNanos();
    while (true) {
      List<String> pending = mapped(() -> RecoveryFeed.notAcknowledged(kafka, topic, phase));
      if (pending.isEmpty() || System.nanoTime() - end > 0) {
        progress.clear();
        return pending;
      }
      progress.still("awaiting API instances: " + String.join(", ", pending));
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException interrupted) {
        throw OperationException.interrupted();
      }
    }
  }

  private <T> T mapped(Supplier<T> call) {
    try {
      return call.get();
    } catch (KafkaException failure) {
      throw ServerFaults.of(
          "Kafka at %s, topic '%s'".formatted(kafka.get("bootstrap.servers"), topic), failure);
    }
  }
}
