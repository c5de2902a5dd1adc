package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.tenant.TierPeriod;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: a tier whose cluster is down affects no other tier, not even its latency.
 *
 * <p>Fault: under a steady load over two tiers, each in its own cluster, SIGKILL of one cluster;
 * later it restarts on its data.
 *
 * <p>Checked: the 99th percentile from arrival to stored of the available tier while the other is
 * down is at most twice that before the fault in the same run, plus 250 ms for the noise of a small
 * machine. The unavailable tier commits nothing, catches up by itself, and in the end every event
 * of both is stored once.
 */
class UnavailableTierTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final long NOISE_MILLIS = 250;
  private static final double PER_SECOND = 40;

  @Test
  void a_tier_down_for_seconds_does_not_slow_another() throws Exception {
    run("a tier dead for 10 s", Duration.ofSeconds(8), Duration.ofSeconds(10));
  }

  @Test
  @Tag("soak")
  void a_tier_down_for_minutes_does_not_slow_another() throws Exception {
    run("a tier dead for 3 minutes", Duration.ofSeconds(60), Duration.ofMinutes(3));
  }

  private static void run(String fault, Duration before, Duration dead) throws Exception {
    EmbeddedCassandra database = Servers.faultyDatabase();
    long messages = Math.round((before.plus(dead).toSeconds() + 20) * PER_SECOND);
    try (FaultRun run = FaultRun.of(fault);
        FaultDeployment deployment =
            new FaultDeployment(
                "dead_tier",
                SharedServers.kafka().bootstrapServers(),
                SharedServers.registry().url(),
                FixedTenants.of(
                    FaultDeployment.tenant("acme", new TierPeriod("30d", 0L)),
                    FaultDeployment.tenant("globex", new TierPeriod("15d", 0L))),
                List.of(
                    FaultDeployment.Place.on(database, 30),
                    FaultDeployment.Place.on(SharedServers.cassandra(), 15)));
        Load load = Load.of(deployment, 3, messages, List.of("acme", "globex"))) {
      deployment.startAll();
      await().atMost(TIMEOUT).until(deployment::isRunning);
      GroupCommitOracle living = deployment.oracle("15d");
      // The warm-up of JIT and connections is not measured.
      load.startAt(PER_SECOND);
      await().atMost(TIMEOUT).until(() -> living.records() > 200);

      long calm = System.currentTimeMillis();
      await().pollDelay(before).atMost(before.plusSeconds(10)).until(() -> true);
      long killed = System.currentTimeMillis();
      database.kill();
      await().pollDelay(dead).atMost(dead.plusSeconds(10)).until(() -> true);
      long end = System.currentTimeMillis();
      long storedByDead = deployment.oracle("30d").storedAt(killed + 1_000, end).length;
      database.restart();
      long back = System.nanoTime();
      long p99Before = percentile99(living.latencies(calm, killed));
      long p99During = percentile99(living.latencies(killed, end));
      run.note("othersP99BeforeMillis", p99Before);
      run.note("othersP99DuringMillis", p99During);

      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.recovered(Duration.ofNanos(System.nanoTime() - back));
      run.settle(deployment, load);
      assertThat(storedByDead).as("stored by the unavailable tier").isZero();
      assertThat(p99During).isLessThanOrEqualTo(2 * p99Before + NOISE_MILLIS);
    } finally {
      if (!database.running()) {
        database.restart();
      }
    }
  }

  private static long percentile99(long[] millis) {
    assertThat(millis.length).as("records measured").isGreaterThan(50);
    long[] sorted = millis.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
  }
}
