package io.postflight.faults;

import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.tenant.TierPeriod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: a clock that jumps forward or back neither loses nor duplicates rows: rows depend on
 * the event and on the arrival time stamped once by the gateway.
 *
 * <p>Fault: the clock of gateway, topology and store jumps an hour ahead in mid-stream, then to an
 * hour behind the true time, then back; events are delivered again across the jumps.
 *
 * <p>Checked: every event is stored once although its duplicate arrived by another clock, every
 * message has the expected status, and no commit was above what was stored.
 */
class JumpingClockTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The true time, and a jump. */
  private static final class Jumping extends Clock {
    private volatile Duration jump = Duration.ZERO;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(jump);
    }
  }

  @Test
  void a_clock_that_jumps_ahead_and_back_neither_loses_nor_duplicates_rows() throws Exception {
    Jumping clock = new Jumping();
    try (FaultRun run = FaultRun.of("clock jumps an hour ahead, then an hour behind");
        FaultDeployment deployment =
            new FaultDeployment(
                "clock",
                SharedServers.kafka().bootstrapServers(),
                SharedServers.registry().url(),
                FixedTenants.of(FaultDeployment.tenant("acme", new TierPeriod("30d", 0L))),
                List.of(FaultDeployment.Place.on(SharedServers.cassandra(), 30)),
                clock);
        Load load = Load.of(deployment, 10, 1_200)) {
      deployment.startAll();
      await().atMost(TIMEOUT).until(deployment::isRunning);
      load.send(300);
      clock.jump = Duration.ofMinutes(59);
      load.send(300);
      clock.jump = Duration.ofHours(-1);
      load.send(300);
      clock.jump = Duration.ZERO;
      long back = System.nanoTime();
      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.recovered(Duration.ofNanos(System.nanoTime() - back));
      run.settle(deployment, load);
    }
  }
}
