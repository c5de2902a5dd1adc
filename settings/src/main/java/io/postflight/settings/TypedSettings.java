package io.postflight.settings;

import io.postflight.api.gateway.GatewaySettings;
import io.postflight.api.http.AddressSet;
import io.postflight.api.http.HttpLimits;
import io.postflight.api.http.OperatorKey;
import io.postflight.api.query.CursorSecret;
import io.postflight.api.query.QuerySettings;
import io.postflight.operations.KafkaSettings;
import io.postflight.operations.RegistrySettings;
import io.postflight.operations.StorageTier;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.sink.SinkLimits;
import io.postflight.topology.TopologyStreamsSettings;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the typed records out of checked settings. */
final class TypedSettings {
  private static final int EAGER_STATEMENTS = 16;

  private final Settings settings;

  TypedSettings(Settings settings) {
    this.settings = settings;
  }

  /** All of them; what only shows when settings are seen together is refused here. */
  DeploymentSettings deployment() {
    try {
      TierSettings tiers = new TierSettings(settings, storeLimits());
      List<StorageTier> storage = settings.tierNames().stream().map(tiers::tier).toList();
      return new DeploymentSettings(
          kafka(storage),
          new RegistrySettings(
              settings.get(Catalogue.REGISTRY_URL), settings.get(Catalogue.REGISTRY_CREDENTIALS)),
          http(),
          gateway(),
          query(),
          topology(),
          sink(),
          storage,
          new DeploymentSettings.Dev(
              Path.of(settings.get(Catalogue.DEV_DATA_DIR)),
              settings.get(Catalogue.DEV_CASSANDRA_HEAP)));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()));
    }
  }

  private KafkaSettings kafka(List<StorageTier> storage) {
    return new KafkaSettings(
        String.join(",", settings.get(Catalogue.KAFKA_BOOTSTRAP)),
        settings.get(Catalogue.KAFKA_TOPIC_PREFIX),
        new TopicCatalogue.Sizes(
            settings.get(Catalogue.KAFKA_PARTITIONS_RAW),
            settings.get(Catalogue.KAFKA_PARTITIONS_EVENTS),
            settings.get(Catalogue.KAFKA_PARTITIONS_STORE),
            settings.get(Catalogue.KAFKA_REPLICATION),
            settings.get(Catalogue.KAFKA_RETENTION_RAW),
            settings.get(Catalogue.KAFKA_RETENTION_EVENTS),
            settings.get(Catalogue.KAFKA_RETENTION_POSTFLIGHT),
            settings.get(Catalogue.KAFKA_RETENTION_STORE),
            settings.get(Catalogue.KAFKA_RETENTION_DEAD_LETTERS),
            ledgerRetention(storage)),
        settings.get(Catalogue.KAFKA_RETENTION_BACKUP_DISTANCE),
        settings.kafkaClient());
  }

  /** Until the last row that a command concerns is gone from tables and backups; null: for ever. */
  private @Nullable Duration ledgerRetention(List<StorageTier> storage) {
    Duration longest = Duration.ZERO;
    for (StorageTier each : storage) {
      Duration retention = each.tier().retention();
      if (retention == null) {
        return null;
      }
      longest = retention.compareTo(longest) > 0 ? retention : longest;
    }
    return longest.plus(settings.get(Catalogue.KAFKA_RETENTION_BACKUPS));
  }

  private DeploymentSettings.Http http() {
    return new DeploymentSettings.Http(
        settings.get(Catalogue.HTTP_HOST),
        settings.get(Catalogue.HTTP_PORT),
        settings.get(Catalogue.HTTP_STATUS_PORT),
        new OperatorKey(settings.get(Catalogue.HTTP_OPERATOR_KEY_HASH)),
        httpLimits());
  }

  private HttpLimits httpLimits() {
    return HttpLimits.builder()
        .maxConnections(settings.get(Catalogue.HTTP_MAX_CONNECTIONS))
        .maxConnectionsPerAddress(settings.get(Catalogue.HTTP_MAX_CONNECTIONS_PER_ADDRESS))
        .trustedProxies(trustedProxies())
        .maxStreams(settings.get(Catalogue.HTTP_MAX_STREAMS))
        .maxUnreadPerConnection(settings.get(Catalogue.HTTP_MAX_UNREAD_PER_CONNECTION))
        .maxUnread(settings.get(Catalogue.HTTP_MAX_UNREAD))
        .maxHeaderBytes(Math.toIntExact(settings.get(Catalogue.HTTP_MAX_HEADER)))
        .requestTimeout(settings.get(Catalogue.HTTP_REQUEST_TIMEOUT))
        .idleTimeout(settings.get(Catalogue.HTTP_IDLE_TIMEOUT))
        .shutdownTimeout(settings.get(Catalogue.HTTP_SHUTDOWN_TIMEOUT))
        .build();
  }

  private AddressSet trustedProxies() {
    try {
      return AddressSet.of(settings.get(Catalogue.HTTP_TRUSTED_PROXIES).orElse(List.of()));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("http.trustedProxies: " + e.getMessage());
    }
  }

  private GatewaySettings gateway() {
    return new GatewaySettings(
        settings.get(Catalogue.GATEWAY_PUBLIC_URL).map(URI::toString).orElse(null),
        settings.get(Catalogue.GATEWAY_TRUST_FORWARDED),
        Math.toIntExact(settings.get(Catalogue.GATEWAY_MAX_BODY)),
        settings.get(Catalogue.GATEWAY_MAX_BUFFERED),
        settings.get(Catalogue.GATEWAY_KAFKA_TIMEOUT));
  }

  private QuerySettings query() {
    return new QuerySettings(
        settings
            .get(Catalogue.QUERY_CURSOR_SECRET)
            .map(CursorSecret::of)
            .orElseGet(CursorSecret::random),
        settings.get(Catalogue.QUERY_MAX_WAIT),
        settings.get(Catalogue.QUERY_MAX_WAITS),
        settings.get(Catalogue.QUERY_MAX_WAITS_PER_TENANT),
        settings.get(Catalogue.QUERY_BUDGET),
        settings.get(Catalogue.LIFECYCLE_RETAIN));
  }

  private DeploymentSettings.Topology topology() {
    return new DeploymentSettings.Topology(
        settings.get(Catalogue.KAFKA_TOPIC_PREFIX)
            + settings.get(Catalogue.TOPOLOGY_APPLICATION_ID),
        new TopologyStreamsSettings(
            Path.of(settings.get(Catalogue.TOPOLOGY_STATE_DIR)),
            settings.get(Catalogue.TOPOLOGY_THREADS),
            settings.get(Catalogue.TOPOLOGY_STANDBY_REPLICAS),
            settings.get(Catalogue.KAFKA_REPLICATION),
            settings.get(Catalogue.TOPOLOGY_COMMIT_INTERVAL),
            settings.get(Catalogue.TOPOLOGY_SESSION_TIMEOUT),
            settings.get(Catalogue.TOPOLOGY_INSTANCE_ID).orElse(null),
            settings.get(Catalogue.TOPOLOGY_BLOCK_CACHE),
            settings.get(Catalogue.TOPOLOGY_WRITE_BUFFER)),
        lifecycle(),
        settings.get(Catalogue.TOPOLOGY_TENANT_TIMEOUT),
        settings.get(Catalogue.TOPOLOGY_CAUGHT_UP_INTERVAL));
  }

  private LifecycleRules lifecycle() {
    Map<String, Duration> waits = new HashMap<>();
    put(waits, "WHATSAPP", settings.get(Catalogue.LIFECYCLE_WAIT_WHATSAPP));
    put(waits, "SMS", settings.get(Catalogue.LIFECYCLE_WAIT_SMS));
    put(waits, "EMAIL", settings.get(Catalogue.LIFECYCLE_WAIT_EMAIL));
    return new LifecycleRules(
        settings.get(Catalogue.LIFECYCLE_WAIT_DEFAULT),
        waits,
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
          "sink.retry.first is " + first + "; it must not be longer than sink.retry.most, " + most);
    }
    int statements = settings.get(Catalogue.SINK_STATEMENTS);
    return new DeploymentSettings.Sink(
        settings.get(Catalogue.KAFKA_TOPIC_PREFIX) + settings.get(Catalogue.SINK_APPLICATION_ID),
        Path.of(settings.get(Catalogue.SINK_STATE_DIR)),
        settings.get(Catalogue.SINK_THREADS),
        new SinkLimits(
            settings.get(Catalogue.SINK_WINDOW_ROWS),
            settings.get(Catalogue.SINK_WINDOW_BYTES),
            settings.get(Catalogue.SINK_PARTITION_BYTES),
            settings.get(Catalogue.SINK_BATCH_ROWS),
            Math.toIntExact(settings.get(Catalogue.SINK_BATCH_BYTES)),
            Math.toIntExact(settings.get(Catalogue.SINK_MAX_ROW)),
            statements,
            Math.min(EAGER_STATEMENTS, statements),
            settings.get(Catalogue.SINK_BATCH_LINGER)),
        settings.get(Catalogue.SINK_COMMIT_INTERVAL),
        settings.get(Catalogue.SINK_SESSION_TIMEOUT),
        settings.get(Catalogue.SINK_ROOM_WAIT),
        first,
        most,
        settings.get(Catalogue.SINK_TOPIC_WAIT));
  }

  private io.postflight.store.cql.BatchLimits storeLimits() {
    return new io.postflight.store.cql.BatchLimits(
        settings.get(Catalogue.SINK_BATCH_ROWS),
        Math.toIntExact(settings.get(Catalogue.SINK_BATCH_BYTES)),
        Math.toIntExact(settings.get(Catalogue.SINK_MAX_ROW)));
  }
}
