package io.postflight.operations.replay;

import io.postflight.operations.OperationsSettings;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.ServerFaults;
import io.postflight.replay.Restore;
import io.postflight.replay.TierReplay;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scratch topics of one drill, configured like those of a tier and the ledger. */
public final class DrillTopics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DrillTopics.class);
  private static final long TIMEOUT_SECONDS = 30;

  private final TierReplay replay;
  private final Admin admin;

  private DrillTopics(TierReplay replay, Admin admin) {
    this.replay = replay;
    this.admin = admin;
  }

  /**
   * Creates them.
   *
   * @param suffix suffix of their names, after those of the tier's own
   */
  public static DrillTopics create(OperationsSettings settings, StorageTier tier, String suffix)
      throws InterruptedException {
    TierReplay own = ReplayWiring.replay(settings, tier);
    TierReplay replay =
        own.toBuilder()
            .topics(List.of(own.topics().get(0) + suffix))
            .ledger(own.ledger() + suffix)
            .groupPrefix(own.groupPrefix() + suffix.substring(1) + '.')
            .build();
    Map<String, Object> config = new HashMap<>(replay.kafka());
    Admin admin = Admin.create(config);
    DrillTopics topics = new DrillTopics(replay, admin);
    short replicas = (short) settings.kafka().sizes().replication();
    try {
      await(
          admin
              .createTopics(
                  List.of(
                      new NewTopic(
                              replay.topics().get(0),
                              settings.kafka().sizes().partitions().store(),
                              replicas)
                          .configs(
                              Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime")),
                      new NewTopic(replay.ledger(), 1, replicas)))
              .all());
      return topics;
    } catch (ExecutionException | TimeoutException failure) {
      topics.close();
      throw ServerFaults.of(
          "Kafka at %s cannot create the drill's topics"
              .formatted(settings.kafka().bootstrapServers()),
          failure);
    }
  }

  /** The replay of these topics. */
  public TierReplay replay() {
    return replay;
  }

  @Override
  public void close() {
    try {
      await(admin.deleteTopics(List.of(replay.topics().get(0), replay.ledger())).all());
      await(admin.deleteConsumerGroups(Set.of(Restore.group(replay, "drill"))).all());
    } catch (ExecutionException | TimeoutException left) {
      LOG.warn("The drill's topics could not be removed: {}", left.toString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      admin.close(Duration.ofSeconds(5));
    }
  }

  private static void await(KafkaFuture<Void> done)
      throws InterruptedException, ExecutionException, TimeoutException {
    Void unused = done.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }
}
