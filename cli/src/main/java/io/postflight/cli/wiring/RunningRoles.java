package io.postflight.cli.wiring;

import io.micrometer.core.instrument.MeterRegistry;
import io.postflight.api.StatusServer;
import io.postflight.api.http.Dependency;
import io.postflight.cli.config.DeploymentSettings;
import io.postflight.cli.config.StorageTier;
import io.postflight.schema.recovery.RecoveryFeed;
import io.postflight.sink.TierSink;
import io.postflight.store.cql.CqlEventStore;
import io.postflight.topology.TopologyRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The roles of this process, started and stopped in the order that loses nothing. */
public final class RunningRoles implements AutoCloseable {
  private static final Duration CLOSE = Duration.ofSeconds(8);

  private final Map<String, CqlEventStore> stores;
  private final @Nullable TopologyRole topology;
  private final List<TierSink> sinks;
  private final @Nullable ApiWiring api;
  private final @Nullable StatusServer status;
  private final MeterRegistry meters;
  private final RecoveryFeed recoveries;

  private RunningRoles(
      Map<String, CqlEventStore> stores,
      @Nullable TopologyRole topology,
      List<TierSink> sinks,
      @Nullable ApiWiring api,
      @Nullable StatusServer status,
      MeterRegistry meters,
      RecoveryFeed recoveries) {
    this.recoveries = recoveries;
    this.status = status;
    this.meters = meters;
    this.stores = stores;
    this.topology = topology;
    this.sinks = sinks;
    this.api = api;
  }

  /**
   * Starts roles. What is away is waited for, by each role for itself.
   *
   * @throws InterruptedException if the wait for Kafka is given up
   * @throws IllegalStateException if the port for HTTP is taken
   */
  public static RunningRoles start(RoleContext context, RoleSelection selection)
      throws InterruptedException {
    Map<String, CqlEventStore> stores = new LinkedHashMap<>();
    List<TierSink> sinks = new ArrayList<>();
    TopologyRole topology = null;
    ApiWiring api = null;
    RecoveryFeed recoveries = recoveries(context, selection);
    try {
      for (StorageTier tier : context.settings().tiers()) {
        if (selection.api() || selection.sinks().contains(tier.name())) {
          stores.put(
              tier.name(),
              CqlEventStore.open(
                  tier.tier(),
                  tier.cluster(),
                  TenantShards.of(id -> context.tenants().current().find(id)),
                  context.clock()));
        }
      }
      for (StorageTier tier : context.settings().tiers()) {
        if (selection.sinks().contains(tier.name())) {
          sinks.add(
              SinkWiring.start(
                  context,
                  tier,
                  Objects.requireNonNull(stores.get(tier.name()), tier.name()),
                  recoveries));
        }
      }
      topology = selection.topology() ? TopologyWiring.start(context) : null;
      api =
          selection.api()
              ? ApiWiring.start(context, stores.values(), recoveries, dependencies(topology, sinks))
              : null;
      StatusServer status =
          statusServer(
              context,
              api != null
                  ? api.dependencies()
                  : dependencies(topology, sinks).stream().map(Dependency::asNecessary).toList());
      return new RunningRoles(stores, topology, sinks, api, status, context.meters(), recoveries);
    } catch (RuntimeException | InterruptedException e) {
      new RunningRoles(stores, topology, sinks, api, null, context.meters(), recoveries).close();
      throw e;
    }
  }

  /** Only who answers reads is waited for when a recovery begins. */
  private static RecoveryFeed recoveries(RoleContext context, RoleSelection selection) {
    Map<String, String> kafka = context.settings().kafka().clientProperties();
    String topic = context.settings().kafka().topics().recoveries();
    return selection.api()
        ? RecoveryFeed.announcing(
            kafka,
            topic,
            "%s-%d-%s"
                .formatted(
                    System.getenv().getOrDefault("HOSTNAME", "api"),
                    ProcessHandle.current().pid(),
                    UUID.randomUUID().toString().substring(0, 8)))
        : RecoveryFeed.start(kafka, topic);
  }

  private static @Nullable StatusServer statusServer(
      RoleContext context, List<Dependency> dependencies) {
    DeploymentSettings.Http http = context.settings().http();
    return http.statusPort()
        .map(port -> StatusServer.start(http.host(), port, dependencies, context.meters()))
        .orElse(null);
  }

  /** The port that HTTP is served on; 0 if it is not. */
  public int httpPort() {
    return api == null ? 0 : api.port();
  }

  /** The port that health and metrics are served on for operators; 0 if they are not. */
  public int statusPort() {
    return status == null ? 0 : status.port();
  }

  /** What reads and writes each tier that a role here needs, by the tier's name. */
  public Map<String, CqlEventStore> stores() {
    return stores;
  }

  /** What is not at work yet, for people; empty: all is. */
  public List<String> waitingFor() {
    List<String> waiting = new ArrayList<>();
    if (topology != null && !topology.ready()) {
      waiting.add("topology");
    }
    for (TierSink sink : sinks) {
      if (!sink.running()) {
        waiting.add("sink:" + sink.status().sink());
      }
    }
    return waiting;
  }

  /** Rows and records that the sinks of this process have still to write, about. */
  public long backlog() {
    return sinks.stream()
        .map(TierSink::status)
        .mapToLong(status -> status.lagRecords() + status.rowsInFlight())
        .sum();
  }

  /**
   * The moment as of which the topology has processed all that had arrived, epoch milliseconds; 0
   * without a topology here.
   */
  public long caughtUpAsOf() {
    return topology == null ? 0 : topology.caughtUpAsOf();
  }

  /** Metrics of the roles. */
  public MeterRegistry meters() {
    return meters;
  }

  /** Which roles have given up, and why; empty: none has. */
  public List<String> failures() {
    List<String> failures = new ArrayList<>();
    if (topology != null && !topology.healthy()) {
      failures.add("topology has stopped; its log says why");
    }
    for (TierSink sink : sinks) {
      if (!sink.healthy()) {
        failures.add("sink:" + sink.status().sink() + " has stopped: " + sink.status().reason());
      }
    }
    return failures;
  }

  /**
   * Stops all roles side by side, each committing what is done: a webhook that was answered is in
   * Kafka, so that none has to wait for another. Stores go last, once nobody reads or writes.
   */
  @Override
  public void close() {
    List<CompletableFuture<Void>> closing = new ArrayList<>();
    if (api != null) {
      closing.add(CompletableFuture.runAsync(api::close, RunningRoles::onThread));
    }
    if (status != null) {
      closing.add(CompletableFuture.runAsync(status::close, RunningRoles::onThread));
    }
    if (topology != null) {
      TopologyRole role = topology;
      closing.add(CompletableFuture.runAsync(() -> role.close(CLOSE), RunningRoles::onThread));
    }
    for (TierSink sink : sinks) {
      closing.add(CompletableFuture.runAsync(() -> sink.close(CLOSE), RunningRoles::onThread));
    }
    try {
      CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new)).join();
    } finally {
      recoveries.close();
      stores.values().forEach(CqlEventStore::close);
    }
  }

  private static void onThread(Runnable task) {
    new Thread(task, "postflight-close").start();
  }

  private static List<Dependency> dependencies(
      @Nullable TopologyRole topology, List<TierSink> sinks) {
    List<Dependency> dependencies = new ArrayList<>();
    if (topology != null) {
      dependencies.add(
          new Dependency("topology", () -> check(topology.ready(), "it does not process events")));
    }
    for (TierSink sink : sinks) {
      dependencies.add(
          new Dependency(
              "sink." + sink.status().sink(),
              () -> check(sink.running(), String.valueOf(sink.status().reason()))));
    }
    return dependencies;
  }

  private static CompletionStage<?> check(boolean holds, String otherwise) {
    return holds
        ? CompletableFuture.completedFuture(true)
        : CompletableFuture.failedFuture(new IllegalStateException(otherwise));
  }
}
