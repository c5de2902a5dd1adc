package io.postflight.bench.sink;

import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.Variant;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.runtime.RoleContext;
import io.postflight.runtime.RoleSelection;
import io.postflight.runtime.RunningRoles;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.settings.DeploymentSettings;
import java.time.Clock;
import java.util.Set;

/** The role {@code sink:<tier>} as it runs in production; observed through its metrics alone. */
final class PostflightSink implements Variant<SinkRound, SinkResult> {
  private static final long START_POLL_MILLIS = 1;
  private static final long POLL_MILLIS = 3;

  @Override
  public SinkResult run(SinkRound round) throws InterruptedException {
    DeploymentSettings settings = round.settings();
    RoleContext context =
        new RoleContext(
            settings,
            AvroSerdes.of(settings.registry().serdeProperties()),
            BenchTenants.directory(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Clock.systemUTC());
    RoundMeter meter = new RoundMeter(round.servers());
    RoleSelection sink = new RoleSelection(false, Set.of(BenchTenants.TIER), false);
    try (RunningRoles roles = RunningRoles.start(context, sink)) {
      while (statements(roles) == 0) {
        pause(roles, START_POLL_MILLIS);
      }
      meter.begin();
      while (stored(roles) < round.records()) {
        pause(roles, POLL_MILLIS);
      }
      RoundMeter.Usage usage = meter.end();
      return new SinkResult(
          usage, count(roles, "postflight.sink.writes", "written"), statements(roles));
    }
  }

  private static void pause(RunningRoles roles, long millis) throws InterruptedException {
    if (!roles.failures().isEmpty()) {
      throw new IllegalStateException(String.join("; ", roles.failures()));
    }
    Thread.sleep(millis);
  }

  /** Records of which all rows are acknowledged. */
  private static long stored(RunningRoles roles) {
    return roles.meters().find("postflight.end.to.end").timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }

  private static long statements(RunningRoles roles) {
    return (long)
        roles.meters().find("postflight.sink.statements").counters().stream()
            .mapToDouble(counter -> counter.count())
            .sum();
  }

  private static long count(RunningRoles roles, String counter, String outcome) {
    return (long)
        roles.meters().find(counter).tag("outcome", outcome).counters().stream()
            .mapToDouble(each -> each.count())
            .sum();
  }
}
