package io.postflight.bench.workload;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postflight.bench.role.SteppedRole;
import io.postflight.bench.role.StoredRecord;
import io.postflight.bench.role.StoredRecords;
import io.postflight.runtime.RoleContext;
import io.postflight.runtime.RoleSelection;
import io.postflight.runtime.RunningRoles;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.settings.DeploymentSettings;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Roles as they run in production, observed through their metrics and progress alone. */
public final class MeasuredRoles implements SteppedRole.Running {
  private static final RoleSelection TOPOLOGY = new RoleSelection(true, Set.of(), false);
  private static final RoleSelection API = new RoleSelection(false, Set.of(), true);

  private final RunningRoles roles;
  private final @Nullable StoredRecords records;

  private MeasuredRoles(RunningRoles roles, @Nullable StoredRecords records) {
    this.roles = roles;
    this.records = records;
  }

  /** Starts the topology. */
  public static MeasuredRoles topology(Deployment deployment) throws InterruptedException {
    return start(deployment, TOPOLOGY);
  }

  /** Starts the sinks of all tiers. */
  public static MeasuredRoles sink(Deployment deployment) throws InterruptedException {
    return start(deployment, sinks(deployment));
  }

  /** The same, keeping when each record was stored. */
  public static MeasuredRoles sinkWithRecords(Deployment deployment) throws InterruptedException {
    StoredRecords records = new StoredRecords();
    return new MeasuredRoles(start(deployment, sinks(deployment), records), records);
  }

  /** Starts the API. */
  public static MeasuredRoles api(Deployment deployment) throws InterruptedException {
    return start(deployment, API);
  }

  private static RoleSelection sinks(Deployment deployment) {
    return new RoleSelection(false, Set.copyOf(deployment.tenants().tiers()), false);
  }

  private static MeasuredRoles start(Deployment deployment, RoleSelection selection)
      throws InterruptedException {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return new MeasuredRoles(start(deployment, selection, meters), null);
  }

  private static RunningRoles start(
      Deployment deployment, RoleSelection selection, PrometheusMeterRegistry meters)
      throws InterruptedException {
    DeploymentSettings settings = deployment.settings();
    return RunningRoles.start(
        new RoleContext(
            settings,
            AvroSerdes.of(settings.registry().serdeProperties()),
            deployment.tenants().directory(),
            meters,
            Clock.systemUTC()),
        selection);
  }

  /**
   * Returns once something holds.
   *
   * @param intervalMillis how often it is checked
   * @throws IllegalStateException if a role fails before
   */
  public void await(Predicate<MeasuredRoles> condition, long intervalMillis)
      throws InterruptedException {
    while (!condition.test(this)) {
      requireHealthy();
      Thread.sleep(intervalMillis);
    }
  }

  @Override
  public void requireHealthy() {
    if (!roles.failures().isEmpty()) {
      throw new IllegalStateException(String.join("; ", roles.failures()));
    }
  }

  /** Whether all roles have their partitions assigned. */
  public boolean ready() {
    return roles.waitingFor().isEmpty();
  }

  @Override
  public int httpPort() {
    return roles.httpPort();
  }

  @Override
  public long caughtUpAsOf() {
    return roles.caughtUpAsOf();
  }

  /** Events that the topology has read. */
  public long events() {
    return sum("postflight.events");
  }

  @Override
  public long stored() {
    return roles.meters().find(StoredRecords.TIMER).timers().stream().mapToLong(Timer::count).sum();
  }

  @Override
  public long statements() {
    return sum("postflight.sink.statements");
  }

  @Override
  public long inFlight() {
    return (long)
        roles.meters().find("postflight.sink.inflight").gauges().stream()
            .mapToDouble(Gauge::value)
            .sum();
  }

  @Override
  public List<StoredRecord> takeRecords() {
    return records == null ? List.of() : records.take();
  }

  /** Rows that the database has acknowledged. */
  public long rowsWritten() {
    return sum("postflight.sink.writes", "outcome", "written");
  }

  private long sum(String counter, String... tags) {
    return (long)
        roles.meters().find(counter).tags(tags).counters().stream()
            .mapToDouble(Counter::count)
            .sum();
  }

  @Override
  public void close() {
    roles.close();
  }
}
