package io.postflight.operations.admin;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.operations.OperationException;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.StorageTier;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.store.StoreException;
import io.postflight.store.cql.CqlSchema;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Creates topics, keyspaces and tables that are missing. Existing ones are not changed. */
public final class Provisioning {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private Provisioning() {}

  /**
   * Creates the topics that are missing; returns once all partitions can be written.
   *
   * @throws OperationException if Kafka is unavailable or refuses, or existing topics have another
   *     format
   */
  public static void createTopics(OperationsSettings settings) {
    TopicFormatCheck.require(settings.kafka());
    try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka(), TIMEOUT)) {
      new KafkaTopics(admin).create(topics(settings));
    }
    TopicFormatCheck.requireAndRecord(settings.kafka());
  }

  /** The configured topics of a deployment. */
  public static List<TopicCatalogue.Spec> topics(OperationsSettings settings) {
    return TopicCatalogue.of(
        settings.kafka().topics(), settings.tierNames(), settings.kafka().sizes());
  }

  /**
   * Creates keyspaces, types and tables that are missing, each tier in its own cluster.
   *
   * @throws OperationException if a cluster is unavailable or refuses
   */
  public static void createSchemas(Collection<StorageTier> tiers) {
    for (StorageTier tier : tiers) {
      try {
        CqlSchema.create(tier.tier(), tier.cluster());
      } catch (StoreException fault) {
        throw ServerFaults.of(TierSchemas.cluster(tier), fault);
      }
    }
  }

  /** The same for tiers that share the cluster of a session. */
  public static void createSchemas(Collection<StorageTier> tiers, CqlSession session) {
    tiers.forEach(tier -> new CqlSchema(tier.tier(), tier.cluster()).apply(session));
  }
}
