package io.postflight.settings;

import io.postflight.api.gateway.GatewaySettings;
import io.postflight.api.http.HttpSettings;
import io.postflight.api.query.QuerySettings;
import io.postflight.operations.KafkaSettings;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.RegistrySettings;
import io.postflight.operations.StorageTier;
import io.postflight.schema.settings.RecordCopy;
import io.postflight.schema.settings.Setting;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.sink.SinkRoleSettings;
import io.postflight.store.cql.BatchLimits;
import io.postflight.topology.TopologyRoleSettings;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The settings of one deployment: each component is a section of the configuration. */
public record DeploymentSettings(
    KafkaSettings kafka,
    RegistrySettings registry,
    HttpSettings http,
    GatewaySettings gateway,
    QuerySettings query,
    TopologyRoleSettings topology,
    LifecycleRules lifecycle,
    SinkRoleSettings sink,
    @Setting(
            "A tier is a named cluster with a retention. A tenant belongs to one tier at a time. To"
                + " remove one of these: tiers.15d = null. Windows of compaction follow from the"
                + " retention: 30 of them.")
        List<StorageTier> tiers,
    @Setting(
            "The embedded servers of `postflight dev` and `postflight demo`; ignored by other"
                + " commands.")
        Dev dev) {

  /** Requires a tier, and derives values from settings of other sections. */
  public DeploymentSettings {
    if (tiers.isEmpty()) {
      throw new IllegalArgumentException("tiers is empty: at least one tier must be configured");
    }
    if (gateway.trustForwarded() && http.limits().trustedProxies().isEmpty()) {
      throw new IllegalArgumentException(
          "gateway.trustForwarded is true, but http.trustedProxies is empty: forwarded headers of"
              + " other senders are ignored; add the proxy's address to http.trustedProxies");
    }
    BatchLimits writes =
        new BatchLimits(
            sink.limits().batch().rows(), sink.limits().batch().bytes(), sink.limits().maxRow());
    tiers = tiers.stream().map(tier -> tier.withWrites(writes)).toList();
    kafka = kafka.withErasuresRetention(ledgerRetention(tiers, kafka));
    query = query.withLifecycleRetention(lifecycle.retain());
    topology =
        topology.withStreams(topology.streams().withReplicationFactor(kafka.sizes().replication()));
  }

  /** Until the last row that a command covers is removed from tables and backups; null: never. */
  private static @Nullable Duration ledgerRetention(List<StorageTier> tiers, KafkaSettings kafka) {
    Duration longest = Duration.ZERO;
    for (StorageTier each : tiers) {
      Duration retention = each.tier().retention();
      if (retention == null) {
        return null;
      }
      longest = retention.compareTo(longest) > 0 ? retention : longest;
    }
    return longest.plus(kafka.sizes().retention().backups());
  }

  /** The tier of a name. */
  public Optional<StorageTier> tier(String name) {
    return tiers.stream().filter(tier -> tier.name().equals(name)).findFirst();
  }

  /** Names of all tiers, sorted. */
  public Set<String> tierNames() {
    Set<String> names = new TreeSet<>();
    tiers.forEach(tier -> names.add(tier.name()));
    return names;
  }

  /** application.id of the topology's normalizer. */
  public String normalizerId() {
    return kafka.topicPrefix() + topology.normalizerId();
  }

  /** application.id of the topology's lifecycle. */
  public String lifecycleId() {
    return kafka.topicPrefix() + topology.applicationId();
  }

  /** Prefix of each sink's application.id; {@code -} and the tier's name follow. */
  public String sinkId() {
    return kafka.topicPrefix() + sink.applicationId();
  }

  /** The settings of this deployment's operations. */
  public OperationsSettings operations() {
    return new OperationsSettings(
        kafka,
        registry,
        tiers,
        new OperationsSettings.Roles(normalizerId(), lifecycleId(), sinkId(), sink.limits()));
  }

  /** The servers, human-readable: Kafka, registry, and the CQL servers with the tiers on them. */
  public String servers() {
    Map<String, String> tiersOf =
        tiers.stream()
            .collect(
                Collectors.groupingBy(
                    tier -> String.join(",", tier.cluster().contactPoints()),
                    LinkedHashMap::new,
                    Collectors.mapping(StorageTier::name, Collectors.joining(" "))));
    StringBuilder text = new StringBuilder("Kafka ").append(kafka.bootstrapServers());
    text.append(", registry ").append(registry.url());
    tiersOf.forEach((at, names) -> text.append(", CQL %s (%s)".formatted(at, names)));
    return text.toString();
  }

  /** The same settings with other servers. */
  public DeploymentSettings on(
      String bootstrap, String registryUrl, String cqlContactPoint, String cqlDatacenter) {
    return RecordCopy.with(
        this,
        Map.of(
            "kafka", kafka.at(bootstrap),
            "registry", new RegistrySettings(URI.create(registryUrl), Optional.empty()),
            "tiers", tiers.stream().map(tier -> tier.at(cqlContactPoint, cqlDatacenter)).toList()));
  }

  /** The same settings with HTTP on another port. */
  public DeploymentSettings servingOn(int port) {
    return RecordCopy.with(this, "http", http.withPort(port));
  }

  /** The same settings with the state of roles below another directory. */
  public DeploymentSettings keepingStateIn(Path directory) {
    return RecordCopy.with(
        this,
        Map.of(
            "topology",
                topology.withStreams(
                    topology.streams().withStateDir(directory.resolve("topology"))),
            "sink", sink.withStateDir(directory.resolve("sink"))));
  }

  /** The embedded servers of {@code dev} and {@code demo}; section {@code dev}. */
  public record Dev(
      @Setting(
              value = "Data directory of dev, relative to the working directory.",
              defaultValue = ".postflight/dev",
              pattern = ".+",
              allowed = "the path of a directory")
          Path dataDir,
      @Setting(
              value = "Maximum heap of the embedded CQL server, MiB.",
              defaultValue = "512",
              min = "256",
              max = "65536")
          int cassandraHeapMiB) {
    /** Validates. */
    public Dev {
      SettingDefinition.require(Dev.class, dataDir, cassandraHeapMiB);
    }
  }
}
