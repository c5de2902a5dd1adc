package io.postflight.bench.workload;

import io.postflight.bench.cql.VoidDatabaseProcess;
import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.kafka.KafkaProcess;
import io.postflight.devstack.registry.EmbeddedRegistry;
import io.postflight.operations.OperationException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Kafka and a CQL server, each in a process of its own, and the schema registry, which is used at
 * the start of a role only, in this one.
 */
public final class BenchServers implements AutoCloseable {
  /** The name of Kafka's process in figures. */
  public static final String KAFKA = "kafka";

  /** The name of the database's process in figures. */
  public static final String DATABASE = "database";

  /** Largest heap of the CQL server. */
  private static final int HEAP_MIB = 2_048;

  private final KafkaProcess kafka;
  private final EmbeddedRegistry registry;
  private final @Nullable EmbeddedCassandra cassandra;
  private final @Nullable VoidDatabaseProcess voidDatabase;

  private BenchServers(
      KafkaProcess kafka,
      EmbeddedRegistry registry,
      @Nullable EmbeddedCassandra cassandra,
      @Nullable VoidDatabaseProcess voidDatabase) {
    this.kafka = kafka;
    this.registry = registry;
    this.cassandra = cassandra;
    this.voidDatabase = voidDatabase;
  }

  /** What roles write to. */
  public enum Database {
    /** The embedded CQL server. */
    EMBEDDED,
    /** A server that acknowledges writes without executing them. */
    VOID;

    /**
     * By its name in options.
     *
     * @throws OperationException if there is none
     */
    public static Database of(String name) {
      return Arrays.stream(values())
          .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  OperationException.usage(
                      "--database " + name + " is not allowed; allowed: embedded, void"));
    }
  }

  /**
   * Starts them. The CQL server has the memtables and the commit log of Cassandra's defaults,
   * unlike the small node of {@code dev}, which flushes and compacts all the time, and syncs its
   * commit log before it answers.
   */
  public static BenchServers start(Path directory, Database database) throws InterruptedException {
    CassandraSettings settings =
        cassandra(directory)
            .withHeapMegabytes(HEAP_MIB)
            .withOption("memtable_heap_space", HEAP_MIB / 4 + "MiB")
            .withOption("commitlog_total_space", "8GiB")
            .withOption("commitlog_sync", "periodic")
            .withOption("commitlog_sync_period", "10000ms");
    return start(directory, settings, database);
  }

  /** Starts them for trials, in which nothing is measured. */
  public static BenchServers startForTrial(Path directory) throws InterruptedException {
    return start(directory, cassandra(directory).withoutRestart(), Database.EMBEDDED);
  }

  private static BenchServers start(Path directory, CassandraSettings settings, Database database)
      throws InterruptedException {
    CompletableFuture<EmbeddedCassandra> starting =
        CompletableFuture.supplyAsync(
            () -> EmbeddedCassandra.start(settings),
            task -> new Thread(task, "start-cassandra").start());
    KafkaProcess kafka = null;
    EmbeddedRegistry registry = null;
    try {
      kafka = KafkaProcess.start(directory.resolve("kafka"));
      registry = EmbeddedRegistry.start(directory.resolve("registry"));
      EmbeddedCassandra cassandra = starting.join();
      return new BenchServers(
          kafka,
          registry,
          cassandra,
          database == Database.VOID
              ? VoidDatabaseProcess.start(cassandra.address(), directory)
              : null);
    } catch (RuntimeException | InterruptedException e) {
      if (kafka != null) {
        kafka.close();
      }
      if (registry != null) {
        registry.close();
      }
      CompletableFuture<Void> unused = starting.thenAccept(EmbeddedCassandra::kill);
      throw e;
    }
  }

  /** Starts them without a CQL server. */
  public static BenchServers withoutDatabase(Path directory) throws InterruptedException {
    KafkaProcess kafka = KafkaProcess.start(directory.resolve("kafka"));
    return new BenchServers(
        kafka, EmbeddedRegistry.start(directory.resolve("registry")), null, null);
  }

  private static CassandraSettings cassandra(Path directory) {
    String libraries = System.getProperty("postflight.libraries", "");
    Path data = directory.resolve("cassandra");
    return libraries.isBlank()
        ? CassandraSettings.of(data)
        : CassandraSettings.of(data, Path.of(libraries, "cassandra"));
  }

  /** Process ids of the servers whose cost is measured, by name. */
  public Map<String, Long> processes() {
    Map<String, Long> processes = new TreeMap<>(Map.of(KAFKA, kafka.pid()));
    if (voidDatabase != null) {
      processes.put(DATABASE, voidDatabase.pid());
    } else if (cassandra != null) {
      processes.put(DATABASE, cassandra.pid());
    }
    return processes;
  }

  /** The process id of Kafka alone. */
  public Map<String, Long> kafkaProcess() {
    return Map.of(KAFKA, kafka.pid());
  }

  /**
   * The deployment on these servers.
   *
   * @param file the user's settings, or null
   * @param assignments the user's
   * @param state where roles keep their state
   */
  public Deployment deployment(@Nullable Path file, List<String> assignments, Path state) {
    return new Deployment(
        file == null ? null : file.toString(),
        assignments,
        kafka.bootstrapServers(),
        registry.url(),
        CassandraSettings.LOOPBACK
            + ':'
            + (voidDatabase == null ? cassandraPort() : voidDatabase.port()),
        state.toString(),
        BenchTenants.USUAL);
  }

  /** Port of the server that executes statements; 1, where nothing listens, if there is none. */
  public int cassandraPort() {
    return cassandra == null ? 1 : cassandra.port();
  }

  /** Ends them; nothing is kept that they have not acknowledged. */
  @Override
  public void close() {
    if (voidDatabase != null) {
      voidDatabase.close();
    }
    if (cassandra != null) {
      cassandra.kill();
    }
    kafka.close();
    registry.close();
  }
}
