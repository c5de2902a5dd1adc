package io.postflight.faults;

import static org.awaitility.Awaitility.await;

import io.postflight.devstack.junit.SharedServers;
import io.postflight.sink.TierSink;
import io.postflight.topology.TopologyRole;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: instances of topology and sink may join and leave at any time; records of reassigned
 * partitions are stored once.
 *
 * <p>Fault: under load a second instance of the topology and of the sink joins, the first leaves,
 * it joins again, the second leaves.
 *
 * <p>Checked: each instance gets partitions; in the end every event is stored once, and no commit
 * of any instance was above what was stored.
 */
class RebalanceTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int MESSAGES = 900;

  @Test
  void instances_that_join_and_leave_lose_no_row() throws Exception {
    try (FaultRun run = FaultRun.of("two instances joining and leaving in mid-stream");
        FaultDeployment deployment =
            FaultDeployment.of(
                "instances",
                SharedServers.kafka().bootstrapServers(),
                SharedServers.registry().url(),
                SharedServers.cassandra());
        Load load = Load.of(deployment, 6, MESSAGES)) {
      TopologyRole firstTopology = deployment.startTopology();
      TierSink firstSink = deployment.startSink();
      await().atMost(TIMEOUT).until(deployment::isRunning);
      load.startAt(30);
      awaitMore(deployment, 100);

      TopologyRole secondTopology = deployment.startTopology();
      TierSink secondSink = deployment.startSink();
      await()
          .atMost(TIMEOUT)
          .until(() -> deployment.isRunning() && !secondSink.status().partitions().isEmpty());
      awaitMore(deployment, 100);

      deployment.stop(firstTopology);
      deployment.stop(firstSink);
      awaitMore(deployment, 100);

      deployment.startTopology();
      TierSink thirdSink = deployment.startSink();
      await()
          .atMost(TIMEOUT)
          .until(() -> deployment.isRunning() && !thirdSink.status().partitions().isEmpty());
      long left = System.nanoTime();
      deployment.stop(secondSink);
      deployment.stop(secondTopology);
      awaitMore(deployment, 100);
      run.recovered(Duration.ofNanos(System.nanoTime() - left));

      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.settle(deployment, load);
    }
  }

  private static void awaitMore(FaultDeployment deployment, int records) {
    int before = deployment.oracle().records();
    await().atMost(TIMEOUT).until(() -> deployment.oracle().records() >= before + records);
  }
}
