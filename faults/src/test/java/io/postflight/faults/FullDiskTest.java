package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.tools.attach.VirtualMachine;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import javax.management.Attribute;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: a database that answers reads and refuses every write, because its disk is full, is
 * waited for. No record is taken for bad because the database takes none.
 *
 * <p>Fault: the server's own guard against full disks is told of a disk smaller than what it has
 * stored, under load; from then on it refuses writes with the answer that it gives on a full disk
 * (an invalid request, which is what it also says to a bad row). Later it is lifted.
 *
 * <p>Checked: while writes are refused nothing is committed, nothing becomes a dead letter and the
 * sink does not give up; afterwards it goes on by itself and every event is stored once.
 */
class FullDiskTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String GUARDRAILS = "org.apache.cassandra.db:type=Guardrails";

  @Test
  void writes_refused_on_a_full_disk_are_waited_for() throws Exception {
    EmbeddedCassandra database = Servers.harmedDatabase();
    try (FaultRun run = FaultRun.of("writes refused: disk full");
        DiskGuard guard = DiskGuard.of(database);
        Deployment deployment =
            Deployment.of(
                "full",
                SharedServers.kafka().bootstrapServers(),
                SharedServers.registry().url(),
                database);
        Load load = Load.of(deployment, 7, 1_200)) {
      deployment.startAll();
      await().atMost(PATIENCE).until(deployment::atWork);
      load.startAt(60);
      CommitOracle oracle = deployment.oracle();
      await().atMost(PATIENCE).until(() -> oracle.records() > 200);

      guard.full();
      await().atMost(PATIENCE).until(() -> !deployment.sinks().get(0).running());
      Map<TopicPartition, Long> committed = committed(deployment);
      long refused = oracle.failures();
      await()
          .pollDelay(Duration.ofSeconds(6))
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(oracle.failures()).isGreaterThan(refused));
      assertThat(committed(deployment)).isEqualTo(committed);
      assertThat(deployment.failures()).isEmpty();

      guard.lift();
      long back = System.nanoTime();
      await().atMost(PATIENCE).until(() -> deployment.sinks().get(0).running());
      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.recovered(Duration.ofNanos(System.nanoTime() - back));
      run.settle(deployment, load);
    }
  }

  private static Map<TopicPartition, Long> committed(Deployment deployment) throws Exception {
    return KafkaTopics.committed(deployment.bootstrap(), deployment.group("30d"));
  }

  /** The server's guard against full disks, which can be set while it runs. */
  private static final class DiskGuard implements AutoCloseable {
    private static final int OFF = -1;
    private static final int HALF = 50;
    private static final String SIZE = "DataDiskUsageMaxDiskSize";

    /** A disk so small that the server's own tables fill it. */
    private static final String TINY = "1KiB";

    private final JMXConnector connector;
    private final MBeanServerConnection server;
    private final ObjectName name;

    private DiskGuard(JMXConnector connector) throws Exception {
      this.connector = connector;
      this.server = connector.getMBeanServerConnection();
      this.name = new ObjectName(GUARDRAILS);
    }

    @SuppressWarnings("BanJNDI") // a child process of this test
    static DiskGuard of(EmbeddedCassandra database) throws Exception {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(database.pid()));
      try {
        return new DiskGuard(
            JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
      } finally {
        machine.detach();
      }
    }

    void full() throws Exception {
      server.setAttribute(name, new Attribute(SIZE, TINY));
      threshold(HALF);
    }

    void lift() throws Exception {
      threshold(OFF);
      server.setAttribute(name, new Attribute(SIZE, null));
    }

    private void threshold(int percent) throws Exception {
      server.invoke(
          name,
          "setDataDiskUsagePercentageThreshold",
          new Object[] {OFF, percent},
          new String[] {"int", "int"});
    }

    @Override
    public void close() throws IOException {
      try {
        lift();
      } catch (Exception e) {
        throw new IOException(e);
      } finally {
        connector.close();
      }
    }
  }
}
