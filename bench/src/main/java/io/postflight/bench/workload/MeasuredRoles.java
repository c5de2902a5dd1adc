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
public final class MeasuredRoles implements SteppedRole.Running, AutoCloseable {
  private static final RoleSelection TOPOLOGY = new RoleSelection(true, Set.of(), false);
  private static final RoleSelection SINK =
      new RoleSelection(false, Set.of(BenchTenants.TIER), false);
  private static final RoleSelection API = new RoleSelection(false, Set.of(), true);

  private final RunningRoles roles;
  private final @Nullable StoredRecords records;

  private MeasuredRoles(RunningRoles roles, @Nullable StoredRecords records) {
    this.roles = roles;
    this.records = records;
  }

  /** Starts the topology. */
  public static MeasuredRoles topology(DeploymentSettings settings) throws InterruptedException {
    return start(settings, TOPOLOGY);
  }

  /** Starts the sink of the tier that is measured. */
  public static MeasuredRoles sink(DeploymentSettings settings) throws InterruptedException {
    return start(settings, SINK);
  }

  /** The same, keeping when each record was stored. */
  public static MeasuredRoles sinkWithRecords(DeploymentSettings settings)
      throws InterruptedException {
    StoredRecords records = new StoredRecords();
    return new MeasuredRoles(start(settings, SINK, records), records);
  }

  /** Starts the API. */
  public static MeasuredRoles api(DeploymentSettings settings) throws InterruptedException {
    return start(settings, API);
  }

  private static MeasuredRoles start(DeploymentSettings settings, RoleSelection selection)
      throws InterruptedException {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return new MeasuredRoles(start(settings, selection, meters), null);
  }

  private static RunningRoles start(
      DeploymentSettings settings, RoleSelection selection, PrometheusMeterRegistry meters)
      throws InterruptedException {
    return RunningRoles.start(
        new RoleContext(
            settings,
            AvroSerdes.of(settings.registry().serdeProperties()),
            BenchTenants.directory(),
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
      if (!roles.failures().isEmpty()) {
        throw new IllegalStateException(String.join("; ", roles.failures()));
      }
      Thread.sleep(intervalMillis);
    }
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
