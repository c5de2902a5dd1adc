package io.postflight.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.postflight.api.ListenException;
import io.postflight.api.StatusServer;
import io.postflight.api.http.Dependency;
import io.postflight.api.http.HttpSettings;
import io.postflight.operations.OperationException;
import io.postflight.operations.StorageTier;
import io.postflight.operations.replay.TenantShards;
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
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The roles of this process, started and stopped in an order that loses no data. */
public final class RunningRoles implements AutoCloseable {
  private static final Duration CLOSE = Duration.ofSeconds(8);

  private final Map<String, CqlEventStore> stores = new LinkedHashMap<>();
  private final List<TierSink> sinks = new CopyOnWriteArrayList<>();
  private final MeterRegistry meters;
  private final RecoveryFeed recoveries;
  private volatile @Nullable TopologyRole topology;
  private @Nullable ApiWiring api;
  private @Nullable StatusServer status;

  private RunningRoles(MeterRegistry meters, RecoveryFeed recoveries) {
    this.recoveries = recoveries;
    this.meters = meters;
  }

  /** A step before roles can start, such as awaiting a server. */
  @FunctionalInterface
  public interface StartupStep {
    /** Runs it. */
    void run() throws InterruptedException;
  }

  /**
   * Starts roles. Each role awaits servers that are unavailable.
   *
   * @throws InterruptedException if interrupted while waiting for Kafka
   * @throws IllegalStateException if the port for HTTP is taken
   */
  public static RunningRoles start(RoleContext context, RoleSelection selection)
      throws InterruptedException {
    return start(context, selection, () -> {});
  }

  /**
   * Starts roles, HTTP first: health is served from the beginning, and other requests are answered
   * 503 until they can be served.
   *
   * @param step done after HTTP is served and before the other roles are started
   * @throws OperationException if the state directory has state of another format
   * @throws InterruptedException if interrupted during the step or while waiting for Kafka
   * @throws IllegalStateException if the port for HTTP is taken
   */
  public static RunningRoles start(RoleContext context, RoleSelection selection, StartupStep step)
      throws InterruptedException {
    if (selection.topology()) {
      StateFormat.require(context.settings().topology().streams().stateDir());
    }
    RunningRoles roles = new RunningRoles(context.meters(), recoveries(context, selection));
    try {
      roles.serve(context, selection);
      step.run();
      roles.work(context, selection);
      return roles;
    } catch (ListenException refused) {
      roles.close();
      throw OperationException.usage(String.valueOf(refused.getMessage()));
    } catch (RuntimeException | InterruptedException e) {
      roles.close();
      throw e;
    }
  }

  /** Only instances that answer reads have to acknowledge the start of a recovery. */
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

  private void serve(RoleContext context, RoleSelection selection) {
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
    List<Dependency> dependencies = dependencies(selection);
    if (selection.api()) {
      ApiWiring serving = ApiWiring.start(context, stores.values(), recoveries, dependencies);
      api = serving;
      dependencies = serving.dependencies();
    } else {
      dependencies = dependencies.stream().map(Dependency::asNecessary).toList();
    }
    status = statusServer(context, dependencies);
  }

  private void work(RoleContext context, RoleSelection selection) throws InterruptedException {
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
    if (selection.topology()) {
      topology = TopologyWiring.start(context);
    }
  }

  private static @Nullable StatusServer statusServer(
      RoleContext context, List<Dependency> dependencies) {
    HttpSettings http = context.settings().http();
    return http.statusPort()
        .map(port -> StatusServer.start(http.statusHost(), port, dependencies, context.meters()))
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

  /** The stores of the tiers that roles of this process use, by the tier's name. */
  public Map<String, CqlEventStore> stores() {
    return stores;
  }

  /** The roles that are not ready yet, human-readable; empty: all are. */
  public List<String> waitingFor() {
    List<String> waiting = new ArrayList<>();
    TopologyRole role = topology;
    if (role != null && !role.ready()) {
      waiting.add("topology");
    }
    for (TierSink sink : sinks) {
      if (!sink.running()) {
        waiting.add("sink:" + sink.status().sink());
      }
    }
    return waiting;
  }

  /** Approximate number of rows and records that the sinks of this process still have to write. */
  public long backlog() {
    return sinks.stream()
        .map(TierSink::status)
        .mapToLong(status -> status.lagRecords() + status.rowsInFlight())
        .sum();
  }

  /**
   * The time up to which the topology has processed its input, epoch milliseconds; 0 without a
   * topology here.
   */
  public long caughtUpAsOf() {
    TopologyRole role = topology;
    return role == null ? 0 : role.caughtUpAsOf();
  }

  /** Metrics of the roles. */
  public MeterRegistry meters() {
    return meters;
  }

  /**
   * Why the configuration of the servers does not allow these roles, and what to do; empty: it
   * does.
   */
  Optional<String> refusal() {
    return recoveries.refusal();
  }

  /** Which roles have failed, and why; empty: none has. */
  public List<String> failures() {
    List<String> failures = new ArrayList<>();
    refusal().ifPresent(failures::add);
    TopologyRole role = topology;
    if (role != null && !role.healthy()) {
      failures.add("topology has stopped; see its log");
    }
    for (TierSink sink : sinks) {
      if (!sink.healthy()) {
        failures.add("sink:" + sink.status().sink() + " has stopped: " + sink.status().reason());
      }
    }
    return failures;
  }

  /**
   * Stops all roles concurrently; each commits what is done. Answered webhooks are in Kafka, so no
   * role has to wait for another. Stores are closed last.
   */
  @Override
  public void close() {
    // An interrupted thread cannot wait for clients, whose close() would fail.
    boolean interrupted = Thread.interrupted();
    try {
      closeAll();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void closeAll() {
    List<CompletableFuture<Void>> closing = new ArrayList<>();
    if (api != null) {
      closing.add(CompletableFuture.runAsync(api::close, RunningRoles::onThread));
    }
    if (status != null) {
      closing.add(CompletableFuture.runAsync(status::close, RunningRoles::onThread));
    }
    TopologyRole role = topology;
    if (role != null) {
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

  /** Dependencies of the selected roles, started or not. */
  private List<Dependency> dependencies(RoleSelection selection) {
    List<Dependency> dependencies = new ArrayList<>();
    if (selection.topology()) {
      dependencies.add(
          new Dependency(
              "topology",
              () -> {
                TopologyRole role = topology;
                return check(role != null && role.ready(), "it does not process events");
              }));
    }
    for (String tier : new TreeSet<>(selection.sinks())) {
      dependencies.add(
          new Dependency(
              "sink." + tier,
              () ->
                  check(
                      sinks.stream()
                          .anyMatch(sink -> sink.status().sink().equals(tier) && sink.running()),
                      "it does not write")));
    }
    return dependencies;
  }

  private static CompletionStage<?> check(boolean holds, String otherwise) {
    return holds
        ? CompletableFuture.completedFuture(true)
        : CompletableFuture.failedFuture(new IllegalStateException(otherwise));
  }
}
