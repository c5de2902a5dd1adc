package io.postflight.faults;

import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.devstack.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: a broker restart in mid-stream costs time, not rows; nothing else must be restarted.
 *
 * <p>Fault: the only broker is stopped under load for some seconds, twice, and restarts on its
 * data.
 *
 * <p>Checked: all roles resume by themselves, every event is stored once, and no commit was above
 * what was stored.
 */
class RestartedBrokerTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final Duration AWAY = Duration.ofSeconds(3);
  private static final int MESSAGES = 750;

  @Test
  void a_broker_restarted_twice_in_mid_stream_loses_no_row() throws Exception {
    Path directory = SharedServers.newDirectory("restarted_kafka");
    EmbeddedKafka kafka = EmbeddedKafka.start(directory);
    try (FaultRun run = FaultRun.of("broker restarted twice in mid-stream");
        FaultDeployment deployment =
            FaultDeployment.of(
                "broker",
                kafka.bootstrapServers(),
                SharedServers.registry().url(),
                SharedServers.cassandra());
        Load load = Load.of(deployment, 5, MESSAGES)) {
      deployment.startAll();
      await().atMost(TIMEOUT).until(deployment::isRunning);
      load.startAt(30);
      GroupCommitOracle oracle = deployment.oracle();

      for (int restart = 1; restart <= 2; restart++) {
        int before = oracle.records();
        await().atMost(TIMEOUT).until(() -> oracle.records() > before + 100);
        kafka.close();
        await().pollDelay(AWAY).until(() -> true);
        kafka = EmbeddedKafka.start(directory);
        long back = System.nanoTime();
        int after = oracle.records();
        await().atMost(TIMEOUT).until(() -> oracle.records() > after + 50);
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
