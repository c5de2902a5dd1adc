package io.postflight.cli.wiring;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.cli.config.DeploymentSettings;
import io.postflight.cli.config.StorageTier;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.store.cql.CqlSchema;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates what roles need and do not make themselves. What is there is left as it is. */
public final class Provisioning {
  private static final int QUORUM_FROM = 3;

  private Provisioning() {}

  /**
   * Creates the topics that are missing.
   *
   * @throws KafkaException if Kafka is away or refuses
   */
  public static void createTopics(DeploymentSettings settings) throws InterruptedException {
    Map<String, Object> client = new HashMap<>(settings.kafka().clientProperties());
    client.put("default.api.timeout.ms", "60000");
    try (Admin admin = Admin.create(client)) {
      for (var created : admin.createTopics(topics(settings)).values().entrySet()) {
        try {
          created.getValue().get();
        } catch (ExecutionException e) {
          Throwable cause = e.getCause() == null ? e : e.getCause();
          if (!(cause instanceof TopicExistsException)) {
            throw new KafkaException(
                "topic " + created.getKey() + " was not created: " + cause.getMessage(), cause);
          }
        }
      }
    }
  }

  static List<NewTopic> topics(DeploymentSettings settings) {
    return TopicCatalogue.of(
            settings.kafka().topics(), settings.tierNames(), settings.kafka().sizes())
        .stream()
        .map(Provisioning::newTopic)
        .toList();
  }

  /** Of three copies two must have a record before it is acknowledged: one broker may go. */
  private static NewTopic newTopic(TopicCatalogue.Spec spec) {
    Map<String, String> config = new HashMap<>(spec.config());
    if (spec.replicationFactor() >= QUORUM_FROM) {
      config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
    }
    return spec.newTopic().configs(config);
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
