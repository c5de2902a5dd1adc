package io.postflight.bench.topology;

import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.Variant;
import io.postflight.bench.workload.MeasuredRoles;

/** The role {@code topology} as it runs in production. */
final class PostflightRole implements Variant<TopologyRound, RoundMeter.Usage> {
  private static final long START_POLL_MILLIS = 1;
  private static final long POLL_MILLIS = 5;

  @Override
  public RoundMeter.Usage run(TopologyRound round) throws InterruptedException {
    RoundMeter meter = new RoundMeter(round.servers());
    try (MeasuredRoles topology = MeasuredRoles.topology(round.deployment())) {
      topology.await(role -> role.events() > 0, START_POLL_MILLIS);
      meter.begin();
      topology.await(role -> role.caughtUpAsOf() >= round.appendedAt(), POLL_MILLIS);
      return meter.end();
    }
  }
}
