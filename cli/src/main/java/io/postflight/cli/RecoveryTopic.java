package io.postflight.cli;

import io.postflight.cli.output.ConsoleProgress;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.operations.StorageTier;
import io.postflight.schema.recovery.RecoveryFeed;
import io.postflight.schema.recovery.RecoveryPhase;
import io.postflight.settings.DeploymentSettings;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Topic {@code recoveries} as the commands use it; failures become exit codes. */
final class RecoveryTopic {
  private final Map<String, String> kafka;
  private final String topic;
  private final Progress progress;

  RecoveryTopic(DeploymentSettings settings, Surroundings surroundings, boolean quiet) {
    this.kafka = settings.kafka().clientProperties();
    this.topic = settings.kafka().topics().recoveries();
    this.progress = new ConsoleProgress(surroundings, quiet);
  }

  /** Says which servers the command acts on. */
  void printTarget(StorageTier tier) {
    progress.step(
        "Tier %s: cluster %s, keyspace %s; Kafka at %s, topic %s"
            .formatted(
                tier.name(),
                tier.cluster().contactPoints(),
                tier.cluster().keyspace(),
                kafka.get("bootstrap.servers"),
                topic));
  }

  Map<String, RecoveryPhase> phases() {
    return asking(() -> RecoveryFeed.read(kafka, topic));
  }

  RecoveryFeed.Written write(String tier, @Nullable RecoveryPhase phase) {
    return asking(() -> RecoveryFeed.write(kafka, topic, tier, phase));
  }

  List<String> unaware(RecoveryFeed.Written phase) {
    return asking(() -> RecoveryFeed.unaware(kafka, topic, phase));
  }

  private <T> T asking(Supplier<T> question) {
    try {
      return question.get();
    } catch (KafkaException failure) {
      throw OperationException.unreachable(
          "Kafka at %s, topic '%s': %s"
              .formatted(kafka.get("bootstrap.servers"), topic, failure.getMessage()),
          failure);
    }
  }
}
