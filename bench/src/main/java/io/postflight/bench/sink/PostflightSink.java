package io.postflight.bench.sink;

import io.postflight.bench.process.RoundMeter;
import io.postflight.bench.process.Variant;
import io.postflight.bench.workload.MeasuredRoles;

/** The role {@code sink:<tier>} as it runs in production. */
final class PostflightSink implements Variant<SinkRound, SinkResult> {
  private static final long START_POLL_MILLIS = 1;
  private static final long POLL_MILLIS = 20;

  @Override
  public SinkResult run(SinkRound round) throws InterruptedException {
    RoundMeter meter = new RoundMeter(round.servers());
    try (MeasuredRoles sink = MeasuredRoles.sink(round.deployment())) {
      sink.await(role -> role.statements() > 0, START_POLL_MILLIS);
      meter.begin();
      sink.await(role -> role.stored() >= round.records() && role.inFlight() == 0, POLL_MILLIS);
      return new SinkResult(meter.end(), sink.rowsWritten(), sink.statements());
    }
  }
}
