package io.postflight.bench.e2e;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.bench.BenchRun;
import io.postflight.bench.load.LoadGenerator;
import io.postflight.bench.load.LoadResult;
import io.postflight.bench.load.LoadRound;
import io.postflight.bench.load.QueryGenerator;
import io.postflight.bench.load.QueryResult;
import io.postflight.bench.load.QueryRound;
import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.VariantProcess;
import io.postflight.bench.role.PostflightRoles;
import io.postflight.bench.role.RoleState;
import io.postflight.bench.role.RoleStep;
import io.postflight.bench.role.StoredRecord;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.bench.workload.Deployment;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.admin.Provisioning;
import io.postflight.schema.topic.TopicLog;
import io.postflight.settings.DeploymentSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All roles, each in a process of its own, and the process that sends webhooks to them. */
final class Pipeline implements AutoCloseable {
  static final String GATEWAY = "gateway";
  static final String TOPOLOGY = "topology";
  static final String SINK = "sink";

  private static final double QUERIES_PER_SECOND = 100;
  private static final long POLL_MILLIS = 200;
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final BenchRun run;
  private final Deployment deployment;
  private final Map<String, VariantProcess<RoleStep, RoleState>> roles = new LinkedHashMap<>();
  private final VariantProcess<LoadRound, LoadResult> load;
  private final VariantProcess<QueryRound, QueryResult> queries;
  private final TopicLog tier;
  private long tierRecords;
  private @Nullable LoadRound stored;
  private int port;
  private long round;

  private Pipeline(BenchRun run) {
    this.run = run;
    this.deployment =
        run.deployment()
            .withKeyspace("bench_" + run.name())
            .with("topology.caughtUpInterval", "500ms");
    DeploymentSettings settings = deployment.settings();
    Provisioning.createTopics(settings.operations());
    String topic = settings.kafka().topics().store(BenchTenants.TIER);
    this.tier = TopicLog.open(settings.kafka().clientProperties(), TIMEOUT);
    tier.seek(tier.ranges(tier.partitions(topic), 0, Long.MAX_VALUE));
    this.load = run.start("load", LoadGenerator.PROGRAM);
    this.queries = run.start("queries", QueryGenerator.PROGRAM);
    roles.put(GATEWAY, run.start(GATEWAY, PostflightRoles.program(PostflightRoles.Api.class)));
    roles.put(
        TOPOLOGY, run.start(TOPOLOGY, PostflightRoles.program(PostflightRoles.Topology.class)));
    roles.put(SINK, run.start(SINK, PostflightRoles.program(PostflightRoles.Sink.class)));
  }

  /** Starts all of them. */
  static Pipeline start(BenchRun run) throws InterruptedException {
    Pipeline pipeline = new Pipeline(run);
    try {
      pipeline.start();
      return pipeline;
    } catch (RuntimeException | InterruptedException e) {
      pipeline.close();
      throw e;
    }
  }

  private void start() throws InterruptedException {
    DeploymentSettings settings = deployment.settings();
    try (CqlSession session = CqlSessions.open(settings.tiers().get(0).cluster())) {
      Provisioning.createSchemas(settings.tiers(), session);
    }
    List<CompletableFuture<RoleState>> starting =
        roles.keySet().stream()
            .map(
                role ->
                    CompletableFuture.supplyAsync(
                        uninterrupted(() -> step(role, RoleStep.Action.START))))
            .toList();
    starting.forEach(CompletableFuture::join);
    port = step(GATEWAY, RoleStep.Action.REPORT).port();
  }

  private interface Awaited<T> {
    T get() throws InterruptedException;
  }

  /** Of a thread that nothing interrupts. */
  private static <T> Supplier<T> uninterrupted(Awaited<T> awaited) {
    return () -> {
      try {
        return awaited.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for another process", e);
      }
    };
  }

  /** Port of the gateway. */
  int port() {
    return port;
  }

  /** Sends events at a rate, whatever the answers; returns when all are stored. */
  Phase openLoop(double eventsPerSecond, double seconds) throws InterruptedException {
    return phase(Math.round(eventsPerSecond * seconds), eventsPerSecond);
  }

  /** Sends events as fast as the gateway answers; returns when all are stored. */
  Phase drain(long events) throws InterruptedException {
    return phase(events, 0);
  }

  /** The same as an open loop, while messages of an earlier load are queried. */
  Phase openLoopWithQueries(double eventsPerSecond, double seconds) throws InterruptedException {
    QueryRound wanted =
        new QueryRound(
            port,
            Objects.requireNonNull(stored, "nothing is stored that could be queried"),
            (int) (QUERIES_PER_SECOND * seconds),
            QUERIES_PER_SECOND);
    CompletableFuture<QueryResult> querying =
        CompletableFuture.supplyAsync(uninterrupted(() -> queries.run(wanted)));
    return openLoop(eventsPerSecond, seconds).with(querying.join());
  }

  private Phase phase(long events, double eventsPerSecond) throws InterruptedException {
    run.awaitIdleServers();
    step(SINK, RoleStep.Action.TAKE);
    RoleState before = step(SINK, RoleStep.Action.REPORT);
    long begunAt = System.currentTimeMillis();
    for (String role : roles.keySet()) {
      step(role, RoleStep.Action.BEGIN);
    }
    LoadRound wanted =
        new LoadRound(
            port,
            run.options().load().seed() + (++round << Integer.SIZE),
            begunAt,
            events,
            eventsPerSecond);
    LoadResult sent = load.run(wanted);
    long answeredAt = System.currentTimeMillis();
    awaitStored(answeredAt);
    stored = wanted;
    Map<String, RoundMeter.Usage> usages = new LinkedHashMap<>();
    for (String role : roles.keySet()) {
      usages.put(role, step(role, RoleStep.Action.END).used());
    }
    RoleState after = step(SINK, RoleStep.Action.REPORT);
    List<StoredRecord> records = step(SINK, RoleStep.Action.TAKE).records();
    return phase(sent, usages, before, after, records, begunAt);
  }

  private Phase phase(
      LoadResult sent,
      Map<String, RoundMeter.Usage> usages,
      RoleState before,
      RoleState after,
      List<StoredRecord> records,
      long begunAt) {
    ScheduledLatencies latencies = ScheduledLatencies.read(deployment.settings(), begunAt);
    LongSummaryStatistics arrivals =
        records.stream().mapToLong(StoredRecord::arrivedAt).summaryStatistics();
    long lastQuarter = arrivals.getMax() - (arrivals.getMax() - arrivals.getMin()) / 4;
    long lastAt =
        records.stream()
            .mapToLong(record -> record.arrivedAt() + record.millis())
            .max()
            .orElse(begunAt);
    return new Phase(
        sent,
        QueryResult.NONE,
        usages,
        after.statements() - before.statements(),
        Math.max(1, after.stored() - before.stored()),
        (lastAt - latencies.firstDueAt()) / 1e3,
        latencies.of(records),
        latencies
            .of(records.stream().filter(record -> record.arrivedAt() >= lastQuarter).toList())
            .getValueAtPercentile(50));
  }

  /** Until the topology is past a time, and the sink has written all that it has produced. */
  void awaitStored(long answeredAt) throws InterruptedException {
    awaitRole(TOPOLOGY, state -> state.caughtUpAsOf() >= answeredAt);
    long produced = tierRecords();
    awaitRole(SINK, state -> state.stored() >= produced && state.inFlight() == 0);
  }

  private void awaitRole(String role, Predicate<RoleState> condition) throws InterruptedException {
    long limit = System.nanoTime() + TIMEOUT.toNanos();
    while (!condition.test(step(role, RoleStep.Action.REPORT))) {
      if (System.nanoTime() > limit) {
        throw new IllegalStateException("not all webhooks are stored: " + role + " is behind");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Records of the tier's topic; only those since the last call are read. */
  private long tierRecords() {
    tier.extend();
    tier.readToEnd(record -> tierRecords++);
    return tierRecords;
  }

  private RoleState step(String role, RoleStep.Action action) throws InterruptedException {
    return Objects.requireNonNull(roles.get(role), role)
        .run(new RoleStep(action, deployment.in(role), run.servers().processes()));
  }

  @Override
  public void close() {
    load.close();
    queries.close();
    tier.close();
    roles.values().forEach(VariantProcess::close);
  }
}
