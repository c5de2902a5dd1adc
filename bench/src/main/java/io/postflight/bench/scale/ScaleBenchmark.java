package io.postflight.bench.scale;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.bench.Bar;
import io.postflight.bench.BenchReport;
import io.postflight.bench.BenchRun;
import io.postflight.bench.RoundFigures;
import io.postflight.bench.Turns;
import io.postflight.bench.VariantReport;
import io.postflight.bench.process.VariantProcess;
import io.postflight.bench.role.PostflightRoles;
import io.postflight.bench.role.RoleState;
import io.postflight.bench.role.RoleStep;
import io.postflight.bench.workload.BenchServers;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.bench.workload.Deployment;
import io.postflight.bench.workload.RawTopic;
import io.postflight.bench.workload.TierTopic;
import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.operations.CqlSessions;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.Provisioning;
import io.postflight.schema.topic.TopicLog;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code bench scale-NAME}: the cost per event of a role at the sizes of one {@link Dimension}. All
 * sizes of a role run in the same processes, in turns, each time with topics of their own; only a
 * state grows from size to size in one deployment.
 *
 * <p>A round starts the role, feeds it a fifth of the events, and measures the rest: neither
 * partitions that are assigned nor stores that are opened are in it.
 */
final class ScaleBenchmark implements AutoCloseable {
  private static final int WARM_SHARE = 5;

  /** Of the first size of a role, and of each with more processes; the others have one. */
  private static final int WARM_UP_ROUNDS = 3;

  private static final long MOST_FED = 100_000;
  private static final double GREATEST_RATIO = 1.3;

  /** Share of records of tiers by which rounds may differ. */
  private static final double ORDER = 0.05;

  /** As many in addition: an event that is fed may wait for its user until the measured part. */
  private static final long FEW = 10;

  /** What is compared, by whose CPU time it is. */
  private static final Map<String, String> GREATEST_BY_LEAST =
      new TreeMap<>(
          Map.of(
              "its processes",
              RoundFigures.CPU,
              BenchServers.KAFKA,
              RoundFigures.KAFKA_CPU,
              BenchServers.DATABASE,
              RoundFigures.DATABASE_CPU));

  private final BenchRun run;
  private final long now = System.currentTimeMillis();
  private final Map<Size.Role, List<VariantProcess<RoleStep, RoleState>>> processes =
      new EnumMap<>(Size.Role.class);
  private final Turns<Size, VariantProcess<RoleStep, RoleState>, ScaleRound> turns =
      new Turns<>(ScaleRound::usage);
  private final Map<Size.Role, Integer> warm = new EnumMap<>(Size.Role.class);
  private final Map<BenchTenants, DeploymentSettings> references = new HashMap<>();

  private ScaleBenchmark(BenchRun run) {
    this.run = run;
  }

  static BenchReport runAndClose(BenchRun run) throws InterruptedException {
    try (ScaleBenchmark benchmark = new ScaleBenchmark(run)) {
      return benchmark.measure();
    }
  }

  private BenchReport measure() throws InterruptedException {
    List<Size> sizes = run.variants(Size.class);
    if (run.options().variants().isEmpty()) {
      sizes = sizes.stream().filter(Dimension::isUsual).toList();
    }
    for (Size size : sizes) {
      turns.add(size, instances(size).get(0));
    }
    if (sizes.get(0).messages() > 0) {
      growState();
    } else {
      for (Size size : sizes) {
        warmUp(size);
      }
      turns.run(
          run.options().load().rounds(),
          0,
          (size, process, number) -> round(size, number, events(size)),
          run.progress());
    }
    return report();
  }

  /**
   * Rounds that are not measured. Sizes share compiled code and take turns, so that what compilers
   * still do concerns all of them: it needs no wait until they are idle.
   */
  private void warmUp(Size size) throws InterruptedException {
    Integer before = warm.put(size.role(), size.instances());
    boolean isNew = before == null || before < size.instances();
    int rounds = run.options().load().isTrial() ? 0 : isNew ? WARM_UP_ROUNDS : 1;
    for (int i = 0; i < rounds; i++) {
      run.progress().step("Warming up: " + size.id());
      round(size, -i, events(size) * size.instances());
    }
  }

  private List<VariantProcess<RoleStep, RoleState>> instances(Size size) {
    List<VariantProcess<RoleStep, RoleState>> all =
        processes.computeIfAbsent(size.role(), first -> new ArrayList<>());
    while (all.size() < size.instances()) {
      all.add(
          run.start(
              size.role().id() + '-' + all.size(),
              PostflightRoles.program(size.role().implementation())));
    }
    return all.subList(0, size.instances());
  }

  private ScaleRound round(Size size, int number, long events) throws InterruptedException {
    Deployment deployment = deployment(size, size.id() + '-' + number);
    DeploymentSettings settings = deployment.settings();
    Backlog backlog;
    if (size.role() == Size.Role.SINK) {
      emptyTables(settings);
      backlog = Backlog.of(tierRecords(size), settings);
    } else {
      backlog = Backlog.of(webhooks(size, events), settings);
    }
    run.awaitIdleServers();
    try (RunningSize running = start(size, deployment, backlog)) {
      long fed = events / WARM_SHARE;
      running.feed(fed);
      return running.measure(events - fed);
    }
  }

  /** Measures while one state grows. */
  private void growState() throws InterruptedException {
    Size smallest = turns.lanes().get(0).variant();
    warmUp(smallest);
    GrowingState state = growingState(smallest);
    Deployment deployment = deployment(smallest, "state");
    try (RunningSize running =
        start(smallest, deployment, Backlog.of(state, deployment.settings()))) {
      for (var lane : turns.lanes()) {
        while (state.messages() < lane.variant().messages()) {
          long missing = lane.variant().messages() - state.messages();
          run.progress()
              .step(
                  "State: " + state.messages() + " of " + lane.variant().messages() + " messages");
          running.feed(Math.min(MOST_FED, (long) Math.ceil(missing / GrowingState.NEW)));
        }
        for (int number = 1; number <= run.options().load().rounds(); number++) {
          run.progress().step("Round " + number + ": " + lane.variant().id());
          lane.results().add(running.measure(events(lane.variant())));
        }
      }
    }
  }

  private RunningSize start(Size size, Deployment deployment, Backlog backlog)
      throws InterruptedException {
    return RunningSize.start(instances(size), deployment, run.servers().processes(), backlog);
  }

  private long events(Size size) {
    return run.options().load().recordsOr(size.role().events());
  }

  private Deployment deployment(Size size, String name) {
    return size.of(run.deployment())
        .withTopics(prefix(name))
        .withKeyspace("bench_" + size.id().toLowerCase(Locale.ROOT).replace('-', '_'))
        .in(name);
  }

  private String prefix(String name) {
    return run.name() + '-' + name + '-';
  }

  private Iterator<SimulatedWebhook> webhooks(Size size, long events) {
    return Simulation.of(size.tenants().simulation(run.options().load().seed(), events, now));
  }

  private GrowingState growingState(Size size) {
    long seed = run.options().load().seed();
    return new GrowingState(size.tenants().simulation(seed, 0, now).tenants(), seed, now);
  }

  /** The records of tiers, which the topology has made once for all sizes with these tenants. */
  private TopicLog tierRecords(Size size) throws InterruptedException {
    DeploymentSettings settings = references.get(size.tenants());
    if (settings == null) {
      String name = "reference-" + size.id();
      Deployment reference =
          run.deployment().withTenants(size.tenants()).withTopics(prefix(name)).in(name);
      settings = reference.settings();
      Provisioning.createTopics(settings.operations());
      RawTopic.fill(reference, run.options().load().seed(), events(size), now);
      TierTopic.fill(reference, run.progress());
      references.put(size.tenants(), settings);
    }
    return TierTopic.open(settings);
  }

  private static void emptyTables(DeploymentSettings settings) {
    try (CqlSession session = CqlSessions.open(settings.tiers().get(0).cluster())) {
      Provisioning.createSchemas(settings.tiers(), session);
      for (StorageTier tier : settings.tiers()) {
        for (Table table : Table.values()) {
          session.execute("TRUNCATE " + tier.cluster().keyspace() + '.' + table.cqlName());
        }
      }
    }
  }

  private BenchReport report() {
    Map<String, VariantReport> reports = BenchRun.reports(turns.lanes(), ScaleRound::figures);
    Map<String, Object> parameters = new LinkedHashMap<>();
    BenchReport.Bars bars = new BenchReport.Bars(reports);
    for (Size.Role role : processes.keySet()) {
      List<Size> sizes =
          turns.lanes().stream()
              .map(Turns.Lane::variant)
              .filter(size -> size.role() == role)
              .toList();
      parameters.put(role.id() + "Events", events(sizes.get(0)));
      List<String> ids = sizes.stream().map(Size::id).toList();
      GREATEST_BY_LEAST.forEach(
          (process, figure) -> {
            if (role == Size.Role.SINK || !process.equals(BenchServers.DATABASE)) {
              bars.addSpread(
                  role.id() + ": CPU of " + process + ", greatest / least",
                  ids,
                  figure,
                  Bar.atMost(GREATEST_RATIO));
            }
          });
    }
    return run.report(parameters, reports, bars.list(), differences());
  }

  /**
   * The topology makes the same records of the same webhooks, but for duplicates that arrive in
   * another order. A sink gets the same records in each round, and awaits that all are stored.
   */
  private List<String> differences() {
    List<String> differences = new ArrayList<>();
    Map<Object, ScaleRound> firsts = new HashMap<>();
    for (var lane : turns.lanes()) {
      if (lane.variant().role() == Size.Role.SINK) {
        continue;
      }
      for (ScaleRound round : lane.results()) {
        ScaleRound first = firsts.computeIfAbsent(lane.variant().tenants().count(), key -> round);
        long records = round.appended().tierRecords();
        long others = first.appended().tierRecords();
        if (Math.abs(records - others) > ORDER * others + FEW) {
          differences.add(
              "%s: %d records of the tiers in a round, in another %d"
                  .formatted(lane.variant().id(), records, others));
        }
      }
    }
    return differences;
  }

  @Override
  public void close() {
    processes.values().forEach(all -> all.forEach(VariantProcess::close));
  }
}
