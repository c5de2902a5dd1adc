package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.simulator.ExpectedTotals;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.devstack.simulator.SimulationSettings;
import io.postflight.operations.CqlSessions;
import io.postflight.store.cql.ClusterSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: every webhook that was answered 200 is stored eventually, once, although the whole
 * process is killed at any time, any number of times.
 *
 * <p>Fault: SIGKILL of {@code postflight dev} (broker, registry, topology, sinks and API in one
 * process; including its CQL server) while signed webhooks arrive over HTTP; a restart on the same
 * directory; several times. A webhook without a response is sent again, as providers do.
 *
 * <p>Checked: from outside, every event of every webhook is stored once, every message has the
 * expected status, and {@code verify} finds no differences, which it would if an offset had been
 * committed above a row that was not stored.
 */
class KilledProcessTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String TENANT = "acme";

  @Test
  void two_kills_in_mid_stream_lose_no_row() throws Exception {
    run("kill -9 of the whole process, twice", 2, 600);
  }

  @Test
  @Tag("soak")
  void eight_kills_in_mid_stream_lose_no_row() throws Exception {
    run("kill -9 of the whole process, 8 times", 8, 8_000);
  }

  private static void run(String fault, int kills, int messages) throws Exception {
    Simulation simulation =
        Simulation.of(
            SimulationSettings.of(1, messages, List.of(TENANT), System.currentTimeMillis())
                .withFaults(0.05, 0.1, 0));
    long peak = 0;
    ChildStack stack = ChildStack.start(SharedServers.newDirectory("killed"));
    try (FaultRun run = FaultRun.of(fault);
        WebhookSenders gateway = WebhookSenders.to(stack.endpoints(), simulation)) {
      for (int kill = 1; kill <= kills; kill++) {
        long goal = (long) kill * messages / (kills + 1);
        await().atMost(TIMEOUT).until(() -> gateway.answered() > goal);
        peak = Math.max(peak, stack.peakMebibytes());
        long killed = System.nanoTime();
        stack = stack.killAndRestart();
        gateway.redirectTo(stack.endpoints());
        run.recovered(Duration.ofNanos(System.nanoTime() - killed));
      }
      gateway.finish();

      try (FaultDeployment deployment = FaultDeployment.over(stack.endpoints(), TENANT, 30);
          CqlSession session = CqlSessions.open(cluster(deployment))) {
        String keyspace = cluster(deployment).keyspace();
        ExpectedTotals.TenantTotals all = simulation.expectedTotals().total();
        await()
            .atMost(TIMEOUT)
            .pollInterval(Duration.ofMillis(500))
            .untilAsserted(
                () -> assertThat(timelineRows(session, keyspace)).isEqualTo(all.timelineEvents()));
        peak = Math.max(peak, stack.peakMebibytes());
        run.note("webhooksSentAgain", gateway.repeated());
        try {
          run.settle(deployment, simulation, 0);
        } finally {
          run.note("peakMemoryMiB", peak);
        }
        assertThat(peak).as("MiB of the process at the most").isLessThan(1_200);
      }
      stack.close();
      assertThat(stack.temporary())
          .as("left behind by killed processes")
          .isDirectoryNotContaining("glob:**rocksdb*");
    } finally {
      stack.close();
    }
  }

  private static ClusterSettings cluster(FaultDeployment deployment) {
    return deployment.places().iterator().next().cluster();
  }

  private static long timelineRows(CqlSession session, String keyspace) {
    return session.execute("SELECT count(*) FROM " + keyspace + ".timeline").one().getLong(0);
  }
}
