package io.postflight.demo.embedded;

import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.cql.Java17MissingException;
import io.postflight.devstack.kafka.EmbeddedKafka;
import io.postflight.devstack.registry.EmbeddedRegistry;
import io.postflight.operations.OperationException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Kafka, schema registry and CQL server on this machine; the CQL server starts concurrently. */
public final class EmbeddedServers implements AutoCloseable {
  private final EmbeddedKafka kafka;
  private final EmbeddedRegistry registry;
  private final CompletableFuture<EmbeddedCassandra> cassandra;

  private EmbeddedServers(
      EmbeddedKafka kafka,
      EmbeddedRegistry registry,
      CompletableFuture<EmbeddedCassandra> cassandra) {
    this.kafka = kafka;
    this.registry = registry;
    this.cassandra = cassandra;
  }

  /** Whether the class path contains them; that of the production distribution does not. */
  public static boolean areAvailable() {
    return EmbeddedServers.class
            .getClassLoader()
            .getResource("io/postflight/devstack/kafka/EmbeddedKafka.class")
        != null;
  }

  /**
   * Starts them; returns when Kafka and the registry serve.
   *
   * @param libraries directory of the CQL server's jars; null: that of the build
   * @param heapMiB maximum heap of the CQL server
   */
  public static EmbeddedServers start(Path directory, @Nullable Path libraries, int heapMiB) {
    KafkaHalt.install(directory);
    Path cql = directory.resolve("cassandra");
    CassandraSettings thorough =
        (libraries == null || !Files.isDirectory(libraries)
                ? CassandraSettings.of(cql)
                : CassandraSettings.of(cql, libraries))
            .withHeapMegabytes(heapMiB);
    CassandraSettings settings = isShortLived() ? thorough.withQuickStart() : thorough;
    CompletableFuture<EmbeddedCassandra> cassandra =
        CompletableFuture.supplyAsync(
            () -> EmbeddedCassandra.start(settings),
            task -> new Thread(task, "start-cassandra").start());
    try {
      EmbeddedRegistry registry = EmbeddedRegistry.start(directory.resolve("registry"));
      try {
        EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        return new EmbeddedServers(kafka, registry, cassandra);
      } catch (RuntimeException e) {
        registry.close();
        throw e;
      }
    } catch (RuntimeException e) {
      stop(cassandra).join();
      throw e;
    }
  }

  /** Address of Kafka. */
  public String bootstrap() {
    return kafka.bootstrapServers();
  }

  /** Address of the schema registry. */
  public String registryUrl() {
    return registry.url();
  }

  /**
   * The CQL server, awaited.
   *
   * @throws OperationException if there is no Java that it runs on
   * @throws RuntimeException the cause if it has not started
   */
  public EmbeddedCassandra cassandra() {
    try {
      return cassandra.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Java17MissingException missing) {
        throw OperationException.usage(String.valueOf(missing.getMessage()));
      }
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Stops all servers; their data is kept. */
  @Override
  public void close() {
    CompletableFuture<Void> stopped = stop(cassandra);
    try {
      kafka.close();
    } finally {
      registry.close();
      stopped.join();
    }
  }

  /** Stops the CQL server, after it has started. */
  private static CompletableFuture<Void> stop(CompletableFuture<EmbeddedCassandra> cassandra) {
    return cassandra
        .thenAcceptAsync(
            EmbeddedCassandra::close, task -> new Thread(task, "stop-cassandra").start())
        .exceptionally(neverStarted -> null);
  }

  /**
   * Whether this process uses the C1 compiler only, for a short run; then the CQL server does, too.
   */
  private static boolean isShortLived() {
    return ManagementFactory.getRuntimeMXBean()
        .getInputArguments()
        .contains("-XX:TieredStopAtLevel=1");
  }
}
