package io.postflight.faults;

import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: a broker that is restarted in mid-stream costs time, not rows; nobody has to restart
 * anything else.
 *
 * <p>Fault: the only broker goes away under load for some seconds, twice, and comes back on its
 * data.
 *
 * <p>Checked: all roles go on by themselves, every event is stored once, and no commit ever lay
 * above what was stored.
 */
class RestartedBrokerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration AWAY = Duration.ofSeconds(3);
  private static final int LIVES = 1_500;

  @Test
  void a_broker_restarted_twice_in_mid_stream_costs_no_row() throws Exception {
    Path directory = SharedServers.newDirectory("restarted_kafka");
    EmbeddedKafka kafka = EmbeddedKafka.start(directory);
    try (FaultRun run = FaultRun.of("broker restarted twice in mid-stream");
        FaultDeployment deployment =
            FaultDeployment.of(
                "broker",
                kafka.bootstrapServers(),
                SharedServers.registry().url(),
                SharedServers.cassandra());
        Load load = Load.of(deployment, 5, LIVES)) {
      deployment.startAll();
      await().atMost(PATIENCE).until(deployment::atWork);
      load.startAt(60);
      CommitOracle oracle = deployment.oracle();

      for (int restart = 1; restart <= 2; restart++) {
        int before = oracle.records();
        await().atMost(PATIENCE).until(() -> oracle.records() > before + 200);
        kafka.close();
        await().pollDelay(AWAY).until(() -> true);
        kafka = EmbeddedKafka.start(directory);
        long back = System.nanoTime();
        int after = oracle.records();
        await().atMost(PATIENCE).until(() -> oracle.records() > after + 100);
        run.recovered(Duration.ofNanos(System.nanoTime() - back));
      }

      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.settle(deployment, load);
    } finally {
      kafka.close();
    }
  }
}
