package io.postflight.cli.config;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the typed records out of checked settings. */
final class TypedSettings {
  private final Settings settings;

  TypedSettings(Settings settings) {
    this.settings = settings;
  }

  DeploymentSettings deployment() {
    return new DeploymentSettings(
        kafka(),
        new DeploymentSettings.Registry(
            settings.get(Catalogue.REGISTRY_URL), settings.get(Catalogue.REGISTRY_CREDENTIALS)),
        new DeploymentSettings.Gateway(
            settings.get(Catalogue.GATEWAY_HOST),
            settings.get(Catalogue.GATEWAY_PORT),
            settings.get(Catalogue.GATEWAY_PUBLIC_URL)),
        topology(),
        lifecycle(),
        sink(),
        settings.tierNames().stream().map(this::tier).toList(),
        new DeploymentSettings.Dev(
            Path.of(settings.get(Catalogue.DEV_DATA_DIR)),
            settings.get(Catalogue.DEV_CASSANDRA_HEAP)));
  }

  private DeploymentSettings.Kafka kafka() {
    return new DeploymentSettings.Kafka(
        String.join(",", settings.get(Catalogue.KAFKA_BOOTSTRAP)),
        settings.get(Catalogue.KAFKA_TOPIC_PREFIX),
        settings.get(Catalogue.KAFKA_REPLICATION),
        new DeploymentSettings.TopicSizes(
            size(Catalogue.KAFKA_PARTITIONS_RAW, Catalogue.KAFKA_RETENTION_RAW),
            size(Catalogue.KAFKA_PARTITIONS_EVENTS, Catalogue.KAFKA_RETENTION_EVENTS),
            size(Catalogue.KAFKA_PARTITIONS_POSTFLIGHT, Catalogue.KAFKA_RETENTION_POSTFLIGHT),
            size(Catalogue.KAFKA_PARTITIONS_STORE, Catalogue.KAFKA_RETENTION_STORE),
            size(Catalogue.KAFKA_PARTITIONS_DEAD_LETTERS, Catalogue.KAFKA_RETENTION_DEAD_LETTERS)),
        settings.kafkaClient());
  }

  private DeploymentSettings.TopicSize size(
      Setting<Integer> partitions, Setting<Duration> retention) {
    return new DeploymentSettings.TopicSize(settings.get(partitions), settings.get(retention));
  }

  private DeploymentSettings.Topology topology() {
    return new DeploymentSettings.Topology(
        settings.get(Catalogue.TOPOLOGY_APPLICATION_ID),
        Path.of(settings.get(Catalogue.TOPOLOGY_STATE_DIR)),
        settings.get(Catalogue.TOPOLOGY_THREADS),
        settings.get(Catalogue.TOPOLOGY_COMMIT_INTERVAL),
        settings.get(Catalogue.TOPOLOGY_STANDBY_REPLICAS),
        settings.get(Catalogue.TOPOLOGY_SESSION_TIMEOUT));
  }

  private DeploymentSettings.Lifecycle lifecycle() {
    Map<String, Duration> waits = new HashMap<>();
    put(waits, "WHATSAPP", settings.get(Catalogue.LIFECYCLE_WAIT_WHATSAPP));
    put(waits, "SMS", settings.get(Catalogue.LIFECYCLE_WAIT_SMS));
    put(waits, "EMAIL", settings.get(Catalogue.LIFECYCLE_WAIT_EMAIL));
    return new DeploymentSettings.Lifecycle(
        waits,
        settings.get(Catalogue.LIFECYCLE_WAIT_DEFAULT),
        settings.get(Catalogue.LIFECYCLE_RETAIN));
  }

  private static void put(Map<String, Duration> waits, String channel, Optional<Duration> wait) {
    wait.ifPresent(duration -> waits.put(channel, duration));
  }

  private DeploymentSettings.Sink sink() {
    Duration first = settings.get(Catalogue.SINK_RETRY_FIRST);
    Duration most = settings.get(Catalogue.SINK_RETRY_MOST);
    if (first.compareTo(most) > 0) {
      throw new ConfigurationException(
          "sink.retry.first must not be longer than sink.retry.most, but "
              + first
              + " is longer than "
              + most);
    }
    return new DeploymentSettings.Sink(
        settings.get(Catalogue.SINK_APPLICATION_ID),
        Path.of(settings.get(Catalogue.SINK_STATE_DIR)),
        settings.get(Catalogue.SINK_THREADS),
        settings.get(Catalogue.SINK_COMMIT_INTERVAL),
        settings.get(Catalogue.SINK_SESSION_TIMEOUT),
        settings.get(Catalogue.SINK_WINDOW_COUNT),
        settings.get(Catalogue.SINK_WINDOW_BYTES),
        first,
        most);
  }

  private StorageTier tier(String name) {
    return new StorageTier(
        name, settings.get(Catalogue.TIER_RETENTION, name), widths(name), cluster(name));
  }

  private StorageTier.Cluster cluster(String name) {
    return new StorageTier.Cluster(
        settings.get(Catalogue.TIER_CONTACT_POINTS, name),
        settings.get(Catalogue.TIER_DATACENTER, name),
        settings.get(Catalogue.TIER_KEYSPACE, name),
        settings.get(Catalogue.TIER_REPLICATION, name),
        settings.get(Catalogue.TIER_CONSISTENCY, name),
        settings.get(Catalogue.TIER_COMPACTION_WINDOW, name),
        settings.get(Catalogue.TIER_USERNAME, name),
        settings.get(Catalogue.TIER_PASSWORD, name),
        settings.get(Catalogue.TIER_REQUEST_TIMEOUT, name));
  }

  private List<StorageTier.Width> widths(String tier) {
    try {
      return settings.get(Catalogue.TIER_BUCKET_WIDTH, tier).stream()
          .map(StorageTier.Width::parse)
          .toList();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ConfigurationException(
          Catalogue.TIER_BUCKET_WIDTH.of(tier)
              + " is not allowed: it must be "
              + Catalogue.TIER_BUCKET_WIDTH.kind().allowed());
    }
  }
}
