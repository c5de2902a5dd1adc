package io.postflight.bench.topology;

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

/** The role {@code topology} as it runs in production; observed through metrics and progress. */
final class PostflightRole implements Variant<TopologyRound, RoundMeter.Usage> {
  private static final long START_POLL_MILLIS = 1;
  private static final long POLL_MILLIS = 5;

  @Override
  public RoundMeter.Usage run(TopologyRound round) throws InterruptedException {
    DeploymentSettings settings = round.settings();
    RoleContext context =
        new RoleContext(
            settings,
            AvroSerdes.of(settings.registry().serdeProperties()),
            BenchTenants.directory(),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            Clock.systemUTC());
    RoundMeter meter = new RoundMeter(round.servers());
    try (RunningRoles roles =
        RunningRoles.start(context, new RoleSelection(true, Set.of(), false))) {
      while (events(roles) == 0) {
        pause(roles, START_POLL_MILLIS);
      }
      meter.begin();
      while (roles.caughtUpAsOf() < round.appendedAt()) {
        pause(roles, POLL_MILLIS);
      }
      return meter.end();
    }
  }

  private static void pause(RunningRoles roles, long millis) throws InterruptedException {
    if (!roles.failures().isEmpty()) {
      throw new IllegalStateException(String.join("; ", roles.failures()));
    }
    Thread.sleep(millis);
  }

  private static double events(RunningRoles roles) {
    return roles.meters().find("postflight.events").counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }
}
