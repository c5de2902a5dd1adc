package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.sink.SinkStatus;
import io.postflight.sink.TierSink;
import io.postflight.store.Table;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: a role that may no longer write costs time, not rows, stops only its own tier, and
 * causes no dead letter.
 *
 * <p>Fault: under load the write permission of one sink's role is revoked. That is fatal: its tier
 * stops with a message. The permission is granted again and the sink restarted.
 *
 * <p>Checked: the other tier continues; the failed sink has committed nothing that is not stored
 * and written no dead letter; in the end every event is stored once, and the time that took is
 * recorded.
 */
class RevokedPermissionTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final double PER_SECOND = 60;

  @Test
  void a_role_that_may_not_write_stops_its_own_tier_until_it_may_again() throws Exception {
    EmbeddedCassandra database = Servers.databaseWithUsers();
    FaultDeployment.Place harmed =
        FaultDeployment.Place.on(database, 30).as(Servers.USER, Servers.USER);
    try (FaultRun run = FaultRun.of("the sink's role may only read");
        CqlSession superuser = Servers.superuser(database);
        FaultDeployment deployment =
            new FaultDeployment(
                "read_only",
                SharedServers.kafka().bootstrapServers(),
                SharedServers.registry().url(),
                FixedTenants.of(
                    FaultDeployment.tenant("acme", new TierPeriod("30d", 0L)),
                    FaultDeployment.tenant("globex", new TierPeriod("15d", 0L))),
                List.of(harmed, FaultDeployment.Place.on(SharedServers.cassandra(), 15)));
        Load load = Load.of(deployment, 12, 500, List.of("acme", "globex"))) {
      deployment.startAll();
      await().atMost(TIMEOUT).until(deployment::isRunning);
      load.startAt(PER_SECOND);
      await().atMost(TIMEOUT).until(() -> deployment.oracle("30d").records() > 100);
      TierSink sink = deployment.sink("30d");

      int others = deployment.oracle("15d").records();
      write(superuser, harmed, "REVOKE MODIFY ON %s FROM %s");
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> {
                assertThat(sink.status().state()).isEqualTo(SinkStatus.State.FAILED);
                assertThat(sink.status().reason())
                    .contains("User " + Servers.USER + " has no MODIFY permission on");
              });
      // Counted from the first rejection, which all nodes must repeat for 30 s.
      await().atMost(TIMEOUT).until(() -> deployment.oracle("15d").records() > others + 100);
      assertThat(deployment.oracle("30d").violations()).isEmpty();
      assertThat(deployment.deadLettersOfSinks()).isZero();
      assertThat(deployment.sink("15d").running()).isTrue();
      deployment.stop(sink);

      write(superuser, harmed, "GRANT MODIFY ON %s TO %s");
      // The server caches permissions for at most a tenth of a second.
      await().pollDelay(Duration.ofMillis(200)).until(() -> true);
      long back = System.nanoTime();
      deployment.startSink("30d");
      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.recovered(Duration.ofNanos(System.nanoTime() - back));
      run.settle(deployment, load);
    }
  }

  /** Changes a role's write permission for the keyspace and each of its tables. */
  private static void write(CqlSession superuser, FaultDeployment.Place place, String statement) {
    String keyspace = place.cluster().keyspace();
    superuser.execute(statement.formatted("KEYSPACE " + keyspace, Servers.USER));
    for (Table table : Table.values()) {
      superuser.execute(
          statement.formatted("TABLE " + keyspace + '.' + table.cqlName(), Servers.USER));
    }
  }
}
