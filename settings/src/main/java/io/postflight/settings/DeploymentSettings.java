package io.postflight.settings;

import io.postflight.api.gateway.GatewaySettings;
import io.postflight.api.http.HttpLimits;
import io.postflight.api.http.OperatorKey;
import io.postflight.api.query.QuerySettings;
import io.postflight.operations.KafkaSettings;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.RegistrySettings;
import io.postflight.operations.StorageTier;
import io.postflight.sink.SinkLimits;
import io.postflight.topology.TopologyStreamsSettings;
import io.postflight.topology.lifecycle.LifecycleRules;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings of one deployment as the wiring of roles takes them. Keys and meanings are those of
 * {@code config/postflight.conf}.
 *
 * @param kafka the Kafka cluster and our topics in it
 * @param registry the schema registry
 * @param http where HTTP is served
 * @param gateway how webhooks are taken in
 * @param query how queries are answered
 * @param topology the Streams application from webhooks to tiers
 * @param sink how tiers are written
 * @param tiers the clusters that events are stored in, by name
 * @param dev the embedded servers of {@code dev} and {@code demo}
 */
public record DeploymentSettings(
    KafkaSettings kafka,
    RegistrySettings registry,
    Http http,
    GatewaySettings gateway,
    QuerySettings query,
    Topology topology,
    Sink sink,
    List<StorageTier> tiers,
    Dev dev) {

  /** Validates that there is a tier. */
  public DeploymentSettings {
    tiers = List.copyOf(tiers);
    if (tiers.isEmpty()) {
      throw new ConfigurationException("tiers is empty: at least one tier must be configured");
    }
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

  /** What the operations of this deployment need. */
  public OperationsSettings operations() {
    return new OperationsSettings(
        kafka,
        registry,
        tiers,
        new OperationsSettings.Roles(
            topology.applicationId(), sink.applicationId(), sink.limits().maxRowBytes()));
  }

  /** The same settings with other servers. */
  public DeploymentSettings on(
      String bootstrap, String registryUrl, String cqlContactPoint, String cqlDatacenter) {
    return new DeploymentSettings(
        kafka.at(bootstrap),
        new RegistrySettings(URI.create(registryUrl), Optional.empty()),
        http,
        gateway,
        query,
        topology,
        sink,
        tiers.stream().map(tier -> tier.at(cqlContactPoint, cqlDatacenter)).toList(),
        dev);
  }

  /** The same settings with HTTP on another port. */
  public DeploymentSettings servingOn(int port) {
    return new DeploymentSettings(
        kafka,
        registry,
        new Http(http.host(), port, http.statusPort(), http.operatorKey(), http.limits()),
        gateway,
        query,
        topology,
        sink,
        tiers,
        dev);
  }

  /** The same settings with the state of roles below another directory. */
  public DeploymentSettings keepingStateIn(Path directory) {
    return new DeploymentSettings(
        kafka,
        registry,
        http,
        gateway,
        query,
        topology.keepingStateIn(directory.resolve("topology")),
        sink.keepingStateIn(directory.resolve("sink")),
        tiers,
        dev);
  }

  /**
   * Where HTTP is served.
   *
   * @param host address to listen on
   * @param port port to listen on; 0 takes a free one
   * @param statusPort where the process shows its health and metrics to whoever reaches it; 0 takes
   *     a free one; empty: nowhere
   * @param operatorKey who is shown them on the port of the API
   * @param limits what the server bears
   */
  public record Http(
      String host,
      int port,
      Optional<Integer> statusPort,
      OperatorKey operatorKey,
      HttpLimits limits) {}

  /**
   * The Streams application from webhooks to tiers.
   *
   * @param applicationId its application.id
   * @param streams how Kafka Streams runs
   * @param life waits and memory of messages' lives
   * @param tenantTimeout how long a record waits for a tenant that the gateway knew
   * @param caughtUpInterval how often Kafka is asked how far the topology has come
   */
  public record Topology(
      String applicationId,
      TopologyStreamsSettings streams,
      LifecycleRules life,
      Duration tenantTimeout,
      Duration caughtUpInterval) {
    Topology keepingStateIn(Path directory) {
      TopologyStreamsSettings moved =
          new TopologyStreamsSettings(
              directory,
              streams.threads(),
              streams.standbyReplicas(),
              streams.replicationFactor(),
              streams.commitInterval(),
              streams.sessionTimeout(),
              streams.instanceId(),
              streams.blockCacheBytes(),
              streams.writeBufferBytes());
      return new Topology(applicationId, moved, life, tenantTimeout, caughtUpInterval);
    }
  }

  /**
   * How tiers are written.
   *
   * @param applicationId start of each tier's application.id
   * @param stateDir where each tier's Streams instance keeps its files
   * @param threads stream threads per tier
   * @param limits what is in flight and how rows are grouped
   * @param commitInterval how often offsets are committed
   * @param sessionTimeout after which a silent instance is taken for dead
   * @param roomWait how long the intake waits for room before it is stopped
   * @param retryFirst first wait after a transient failure
   * @param retryMost longest wait after a transient failure
   * @param topicWait how long topics that are missing are waited for at start
   */
  public record Sink(
      String applicationId,
      Path stateDir,
      int threads,
      SinkLimits limits,
      Duration commitInterval,
      Duration sessionTimeout,
      Duration roomWait,
      Duration retryFirst,
      Duration retryMost,
      Duration topicWait) {
    Sink keepingStateIn(Path directory) {
      return new Sink(
          applicationId,
          directory,
          threads,
          limits,
          commitInterval,
          sessionTimeout,
          roomWait,
          retryFirst,
          retryMost,
          topicWait);
    }
  }

  /**
   * The embedded servers of {@code dev} and {@code demo}.
   *
   * @param dataDir where everything is kept, relative to the working directory
   * @param cassandraHeapMiB largest heap of the CQL server
   */
  public record Dev(Path dataDir, int cassandraHeapMiB) {}
}
