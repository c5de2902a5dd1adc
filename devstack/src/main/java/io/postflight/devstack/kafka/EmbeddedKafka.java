package io.postflight.devstack.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker and controller in this JVM, on free ports of 127.0.0.1.
 *
 * <p>Acknowledged data is kept in the directory: a later start on the same directory, also after
 * kill -9 of the JVM, has the same topics, records and committed offsets.
 *
 * <p>The broker is assembled here like in {@code KafkaRaftServer}, for two reasons: its sockets can
 * be bound beforehand, and a fault of the broker is logged instead of exiting the JVM.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final long LOOK_MILLIS = 20;
  private static final long TOPIC_TIMEOUT_SECONDS = 60;

  private final int port;
  private final BrokerServer broker;
  private final ControllerServer controller;
  private final Metrics metrics;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedKafka(
      int port, BrokerServer broker, ControllerServer controller, Metrics metrics) {
    this.port = port;
    this.broker = broker;
    this.controller = controller;
    this.metrics = metrics;
  }

  /**
   * Starts a broker on its last port if that is free, else on any; see {@link #start(Path, int)}.
   */
  public static EmbeddedKafka start(Path directory) {
    return start(directory, 0);
  }

  /**
   * Starts a broker and returns when it accepts clients, in two to three seconds. The directory is
   * created and formatted if necessary.
   *
   * @param preferredPort the port for clients if it is free, else another; 0: the port of the last
   *     start, for the reason given in {@link SavedPort}
   * @throws IllegalStateException if the broker does not start
   */
  public static EmbeddedKafka start(Path directory, int preferredPort) {
    Path logDirectory = directory.toAbsolutePath().normalize();
    PreboundSockets sockets = new PreboundSockets();
    try {
      int port =
          sockets.bind(
              BrokerSettings.CLIENT_LISTENER,
              preferredPort == 0 ? SavedPort.of(logDirectory) : preferredPort);
      int controllerPort = sockets.bind(BrokerSettings.CONTROLLER_LISTENER, 0);
      formatIfNew(logDirectory);
      SavedPort.save(logDirectory, port);
      return start(
          BrokerSettings.of(logDirectory, port, controllerPort), port, logDirectory, sockets);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare " + logDirectory + " for Kafka", e);
    } finally {
      sockets.close();
    }
  }

  /** Address for clients: {@code 127.0.0.1:<port>}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** An administration client of this broker; the caller closes it. */
  public Admin admin() {
    return Admin.create(
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, (Object) bootstrapServers()));
  }

  /** Creates topics; existing ones are not changed. */
  public void createTopics(NewTopic... topics) {
    createTopics(List.of(topics));
  }

  /** Creates topics; existing ones are not changed. */
  public void createTopics(Collection<NewTopic> topics) {
    try (Admin admin = admin()) {
      for (var created : admin.createTopics(topics).values().entrySet()) {
        try {
          created.getValue().get(TOPIC_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw new IllegalStateException("cannot create topic " + created.getKey(), e);
          }
        } catch (TimeoutException e) {
          throw new IllegalStateException("topic " + created.getKey() + " was not created", e);
        }
      }
      awaitLeaders(admin, topics.stream().map(NewTopic::name).toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating topics", e);
    }
  }

  /** The controller responds before the broker has the metadata of the topic. */
  private static void awaitLeaders(Admin admin, List<String> topics) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TOPIC_TIMEOUT_SECONDS);
    while (!allHaveLeaders(admin, topics)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("topics " + topics + " were created, but have no leaders");
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private static boolean allHaveLeaders(Admin admin, List<String> topics)
      throws InterruptedException {
    try {
      return admin.describeTopics(topics).allTopicNames().get().values().stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
    } catch (ExecutionException unknownYet) {
      return false;
    }
  }

  /** Shuts the broker down; its data is kept. Idempotent. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      broker.shutdown();
    } finally {
      controller.shutdown();
      metrics.close();
    }
  }

  private static EmbeddedKafka start(
      Properties properties, int port, Path logDirectory, PreboundSockets sockets) {
    KafkaConfig config = KafkaConfig.fromProps(properties, false);
    var logDirs = KafkaRaftServer.initializeLogDirs(config, log, "[embedded] ");
    Metrics metrics =
        Server.initializeMetrics(config, Time.SYSTEM, logDirs._1().clusterId().orElseThrow());
    SharedServer shared =
        new SharedServer(
            config,
            logDirs._1(),
            Time.SYSTEM,
            metrics,
            CompletableFuture.completedFuture(
                QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
            QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
            (name, fatal, action) -> new LoggingFaultHandler(name, action),
            sockets);
    BrokerServer broker = new BrokerServer(shared);
    ControllerServer controller =
        new ControllerServer(shared, KafkaRaftServer.configSchema(), logDirs._2());
    EmbeddedKafka kafka = new EmbeddedKafka(port, broker, controller, metrics);
    try {
      controller.startup();
      broker.startup();
      return kafka;
    } catch (Throwable e) {
      try {
        kafka.close();
      } catch (RuntimeException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw new IllegalStateException("Kafka did not start on " + logDirectory, e);
    }
  }

  private static void formatIfNew(Path logDirectory) throws IOException {
    if (Files.exists(logDirectory.resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(logDirectory);
    try {
      new Formatter()
          .setNodeId(BrokerSettings.NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
          .setMetadataLogDirectory(logDirectory.toString())
          .addDirectory(logDirectory.toString())
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .run();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("Kafka could not format " + logDirectory, e);
    }
  }
}
