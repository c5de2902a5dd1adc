package io.postflight.bench.sink;

import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.Variant;
import io.postflight.bench.workload.BenchTenants;
import io.postflight.operations.replay.TierJobs;
import io.postflight.operations.replay.TierRestoreReport;
import io.postflight.replay.RestoreProgress;
import io.postflight.replay.RestoreSettings;
import io.postflight.schema.directory.TenantRules;
import io.postflight.settings.DeploymentSettings;

/** The job {@code restore}, over the whole topic. */
final class PostflightRestore implements Variant<SinkRound, SinkResult> {
  @Override
  public SinkResult run(SinkRound round) {
    DeploymentSettings settings = round.deployment().settings();
    RoundMeter meter = new RoundMeter(round.servers());
    TierRestoreReport report =
        new TierJobs(settings.operations(), TenantRules.withTiers(settings.tierNames()))
            .restore(
                BenchTenants.TIER,
                RestoreSettings.of(
                    settings.sink().applicationId(),
                    new RestoreSettings.ReplayRange(0, null, null)),
                new Listener(meter));
    return new SinkResult(meter.end(), report.rowsWritten(), SinkResult.UNKNOWN);
  }

  /** Begins the round. */
  private record Listener(RoundMeter meter) implements TierJobs.RestoreListener {
    @Override
    public void started() {
      meter.begin();
    }

    @Override
    public void at(RestoreProgress progress) {}
  }
}
