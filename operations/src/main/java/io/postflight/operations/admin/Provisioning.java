package io.postflight.operations.admin;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.StorageTier;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.store.cql.CqlSchema;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** Creates topics, keyspaces and tables that are missing. Existing ones are not changed. */
public final class Provisioning {
  private static final int QUORUM_FROM = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private Provisioning() {}

  /**
   * Creates the topics that are missing; returns once all partitions can be written.
   *
   * @throws OperationException if Kafka is unavailable or refuses
   */
  public static void createTopics(OperationsSettings settings) {
    try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka(), TIMEOUT)) {
      new KafkaTopics(admin).create(topics(settings));
    }
  }

  /** The configured topics of a deployment. */
  public static List<TopicCatalogue.Spec> topics(OperationsSettings settings) {
    return TopicCatalogue.of(
            settings.kafka().topics(), settings.tierNames(), settings.kafka().sizes())
        .stream()
        .map(Provisioning::withQuorum)
        .toList();
  }

  /** With three replicas, two must have a record before it is acknowledged: one broker may fail. */
  private static TopicCatalogue.Spec withQuorum(TopicCatalogue.Spec spec) {
    if (spec.replicationFactor() < QUORUM_FROM) {
      return spec;
    }
    Map<String, String> config = new HashMap<>(spec.config());
    config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
    return new TopicCatalogue.Spec(
        spec.name(), spec.partitions(), spec.replicationFactor(), config);
  }

  /** Creates keyspaces, types and tables that are missing, each tier in its own cluster. */
  public static void createSchemas(Collection<StorageTier> tiers) {
    tiers.forEach(tier -> CqlSchema.create(tier.tier(), tier.cluster()));
  }

  /** The same for tiers that share the cluster of a session. */
  public static void createSchemas(Collection<StorageTier> tiers, CqlSession session) {
    tiers.forEach(tier -> new CqlSchema(tier.tier(), tier.cluster()).apply(session));
  }
}
