package io.postflight.cli.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one deployment as the wiring of roles takes them. Keys and meanings are those of
 * {@code config/postflight.conf}.
 *
 * @param kafka the Kafka cluster and our topics in it
 * @param registry the schema registry
 * @param gateway where HTTP is served
 * @param topology the Streams application from webhooks to tiers
 * @param lifecycle waits and memory of messages' lives
 * @param sink how tiers are written
 * @param tiers the clusters that events are stored in, by name
 * @param dev the embedded servers of {@code dev} and {@code demo}
 */
public record DeploymentSettings(
    Kafka kafka,
    Registry registry,
    Gateway gateway,
    Topology topology,
    Lifecycle lifecycle,
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

  /** The same settings with other servers. */
  public DeploymentSettings on(
      String bootstrap, String registryUrl, String cqlContactPoint, String cqlDatacenter) {
    return new DeploymentSettings(
        kafka.at(bootstrap),
        new Registry(URI.create(registryUrl), Optional.empty()),
        gateway,
        topology,
        lifecycle,
        sink,
        tiers.stream().map(tier -> tier.at(cqlContactPoint, cqlDatacenter)).toList(),
        dev);
  }

  /** The same settings with HTTP at another address. */
  public DeploymentSettings serving(String host, int port) {
    return new DeploymentSettings(
        kafka,
        registry,
        new Gateway(host, port, gateway.publicUrl()),
        topology,
        lifecycle,
        sink,
        tiers,
        dev);
  }

  /** The same settings with state of roles below another directory. */
  public DeploymentSettings keepingStateIn(Path directory) {
    return new DeploymentSettings(
        kafka,
        registry,
        gateway,
        topology.keepingStateIn(directory.resolve("topology")),
        lifecycle,
        sink.keepingStateIn(directory.resolve("sink")),
        tiers,
        dev);
  }

  /**
   * The Kafka cluster.
   *
   * @param bootstrap addresses, with commas between
   * @param topicPrefix put before every topic's name
   * @param replication copies of each partition of a topic that we create
   * @param topics partitions and retention of the topics that we create
   * @param client settings for every client, as they are
   */
  public record Kafka(
      String bootstrap,
      String topicPrefix,
      int replication,
      TopicSizes topics,
      Map<String, String> client) {
    /** Copies the map. */
    public Kafka {
      client = Map.copyOf(client);
    }

    Kafka at(String address) {
      return new Kafka(address, topicPrefix, replication, topics, Map.of());
    }
  }

  /** Partitions and retention of topics, one pair each. */
  public record TopicSizes(
      TopicSize raw,
      TopicSize events,
      TopicSize postflight,
      TopicSize store,
      TopicSize deadLetters) {}

  /**
   * Size of one topic.
   *
   * @param partitions number of partitions
   * @param retention how long Kafka keeps its records
   */
  public record TopicSize(int partitions, Duration retention) {}

  /**
   * The schema registry.
   *
   * @param url its address
   * @param credentials {@code user:password} for basic authentication
   */
  public record Registry(URI url, Optional<String> credentials) {}

  /**
   * Where HTTP is served.
   *
   * @param host address to listen on
   * @param port port to listen on; 0 takes a free one
   * @param publicUrl the address as providers see it, which some signatures cover
   */
  public record Gateway(String host, int port, Optional<URI> publicUrl) {}

  /**
   * The Streams application from webhooks to tiers.
   *
   * @param applicationId its application.id
   * @param stateDir where state stores are kept
   * @param threads stream threads of this instance
   * @param commitInterval how often it commits; part of every event's latency
   * @param standbyReplicas warm copies of its state on other instances
   * @param sessionTimeout after which a silent instance is taken for dead
   */
  public record Topology(
      String applicationId,
      Path stateDir,
      int threads,
      Duration commitInterval,
      int standbyReplicas,
      Duration sessionTimeout) {
    Topology keepingStateIn(Path directory) {
      return new Topology(
          applicationId, directory, threads, commitInterval, standbyReplicas, sessionTimeout);
    }
  }

  /**
   * Waits and memory of messages' lives.
   *
   * @param waits per channel (upper case) how long after arrival a completing event is waited for
   * @param otherWait the wait of other channels
   * @param retain how long the state of a life is kept
   */
  public record Lifecycle(Map<String, Duration> waits, Duration otherWait, Duration retain) {
    /** Copies the map. */
    public Lifecycle {
      waits = Map.copyOf(waits);
    }
  }

  /**
   * How tiers are written.
   *
   * @param applicationId start of each tier's application.id
   * @param stateDir where each tier's Streams instance keeps its files
   * @param threads stream threads per tier
   * @param commitInterval how often offsets are committed
   * @param sessionTimeout after which a silent instance is taken for dead
   * @param windowCount most records in flight
   * @param windowBytes most bytes in flight
   * @param retryFirst first wait after a transient failure
   * @param retryMost longest wait after a transient failure
   */
  public record Sink(
      String applicationId,
      Path stateDir,
      int threads,
      Duration commitInterval,
      Duration sessionTimeout,
      int windowCount,
      long windowBytes,
      Duration retryFirst,
      Duration retryMost) {
    Sink keepingStateIn(Path directory) {
      return new Sink(
          applicationId,
          directory,
          threads,
          commitInterval,
          sessionTimeout,
          windowCount,
          windowBytes,
          retryFirst,
          retryMost);
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
