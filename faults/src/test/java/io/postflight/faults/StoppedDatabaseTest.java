package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.sink.TierSink;
import io.postflight.sink.write.SinkLimits;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: a database that stops responding while its connections stay open costs time, not rows.
 * Writes in flight are retried, nothing is committed above them, and new records stay in Kafka, not
 * in memory.
 *
 * <p>Fault: SIGSTOP of the database under load at half of the measured throughput, then SIGCONT.
 *
 * <p>Checked: while it is stopped the committed offsets do not advance, and the rows in flight stay
 * within the window; afterwards the lag is processed by itself (less than half a second of the load
 * is left), in a time that is recorded, every event is stored once, and no commit was above what
 * was stored.
 */
class StoppedDatabaseTest {
  /** The window, and what is buffered of each partition: 200 records, mostly of three rows. */
  private static final int MOST_IN_FLIGHT =
      SinkLimits.DEFAULT.window().rows() + 200 * FaultDeployment.PARTITIONS * 3;

  @Test
  void a_stop_of_seconds_under_load_loses_no_row() throws Exception {
    run("database stopped (SIGSTOP) for 8 s", Duration.ofSeconds(8), 400, 1_200);
  }

  @Test
  @Tag("soak")
  void a_stop_of_a_minute_at_half_load_loses_no_row() throws Exception {
    run("database stopped (SIGSTOP) for 60 s", Duration.ofSeconds(60), 3_000, 30_000);
  }

  private static void run(String fault, Duration stop, int warmUp, int messages) throws Exception {
    EmbeddedCassandra database = Servers.faultyDatabase();
    try (FaultRun run = FaultRun.of(fault);
        FaultDeployment deployment =
            FaultDeployment.of(
                "stopped",
                SharedServers.kafka().bootstrapServers(),
                SharedServers.registry().url(),
                database);
        Load load = Load.of(deployment, 2, warmUp + messages)) {
      deployment.startAll();
      await().atMost(Duration.ofSeconds(60)).until(deployment::isRunning);
      double capacity = capacity(deployment, load, warmUp);
      TierSink sink = deployment.sinks().get(0);

      load.startAt(capacity / 2);
      await().atMost(Duration.ofSeconds(60)).until(() -> load.sent() > warmUp + messages / 20);
      database.pause();
      try {
        await().atMost(Duration.ofSeconds(60)).until(() -> !sink.running());
        Map<TopicPartition, Long> committed = committed(deployment);
        await()
            .pollDelay(stop)
            .atMost(stop.plusSeconds(30))
            .untilAsserted(
                () -> assertThat(deployment.rowsInFlight()).isBetween(1, MOST_IN_FLIGHT));
        assertThat(committed(deployment)).isEqualTo(committed);
      } finally {
        database.resume();
      }
      long back = System.nanoTime();
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> sink.running() && sink.status().lagRecords() < capacity / 4);
      run.recovered(Duration.ofNanos(System.nanoTime() - back));
      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.note("stopSeconds", stop.toSeconds());
      run.note("capacityWebhooksPerSecond", Math.round(capacity));

      run.settle(deployment, load);
    }
  }

  private static Map<TopicPartition, Long> committed(FaultDeployment deployment) throws Exception {
    return deployment.kafka().committed(deployment.group("30d"));
  }

  /** Throughput from raw topic to tables of a burst, in webhooks per second. */
  private static double capacity(FaultDeployment deployment, Load load, int webhooks) {
    load.send(webhooks);
    long from = System.nanoTime();
    FaultRun.awaitLagZero(deployment);
    return webhooks / (Math.max(1, System.nanoTime() - from) / 1e9);
  }
}
