package io.postflight.operations;

import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.topic.TopicSizes;
import io.postflight.sink.write.SinkLimits;
import io.postflight.store.Tier;
import io.postflight.store.cql.ClusterSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A separate deployment on the shared servers: topics with a prefix, a separate keyspace, one tier
 * {@code 30d}, two partitions per topic. Nothing is created yet.
 */
public final class TestSettings {
  private TestSettings() {}

  /** The settings of a deployment with this name. */
  public static OperationsSettings of(String name) {
    String unique = SharedServers.uniqueName(name);
    EmbeddedCassandra cassandra = SharedServers.cassandra();
    return of(
        SharedServers.kafka().bootstrapServers(),
        unique + '.',
        SharedServers.registry().url(),
        List.of(
            tier(
                "30d",
                30,
                ClusterSettings.singleNode(
                    cassandra.host(), cassandra.port(), cassandra.datacenter(), unique))));
  }

  /** The settings of a deployment with this name, for operations that use no cluster of a tier. */
  public static OperationsSettings withoutClusters(String name) {
    String unique = SharedServers.uniqueName(name);
    return of(
        SharedServers.kafka().bootstrapServers(),
        unique + '.',
        SharedServers.registry().url(),
        List.of(tier("30d", 30, ClusterSettings.singleNode("127.0.0.1", 9, "none", unique))));
  }

  /** The settings of a deployment whose servers are all at one address. */
  public static OperationsSettings at(String host, int port) {
    return of(
        host + ':' + port,
        "",
        "http://" + host + ':' + port,
        List.of(15, 30, 60, 90).stream()
            .map(
                days ->
                    tier(
                        days + "d",
                        days,
                        ClusterSettings.singleNode(
                            host, port, "datacenter1", "tier_" + days + 'd')))
            .toList());
  }

  private static StorageTier tier(String name, int days, ClusterSettings cluster) {
    return new StorageTier(Tier.of(name, Duration.ofDays(days)), cluster);
  }

  private static OperationsSettings of(
      String bootstrap, String prefix, String registry, List<StorageTier> tiers) {
    TopicSizes sizes = TopicSizes.of(2, 1).withErasuresRetention(Duration.ofDays(60));
    return new OperationsSettings(
        new KafkaSettings(List.of(bootstrap.split(",")), prefix, sizes, Map.of()),
        new RegistrySettings(URI.create(registry), Optional.empty()),
        tiers,
        new OperationsSettings.Roles(
            "postflight-topology-normalize",
            "postflight-topology",
            "postflight-sink",
            SinkLimits.DEFAULT));
  }
}
