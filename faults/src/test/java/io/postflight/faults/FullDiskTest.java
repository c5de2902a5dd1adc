package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.sink.SinkLimits;
import io.postflight.sink.SinkStatus;
import io.postflight.sink.TierSink;
import io.postflight.store.Table;
import io.postflight.store.WriteException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Guarantee: a database that takes no writes, because its disk is full or because it lets us only
 * read, costs time, not rows; and no row goes to the dead letters for it.
 *
 * <p>Faults, each under load:
 *
 * <ul>
 *   <li>Cassandra's guardrail on disk usage: each write and each erasure is refused as an invalid
 *       query, reads are answered.
 *   <li>A file system without a byte of room below commit log and data: the server dies of it. Room
 *       is made and the server started again.
 *   <li>The same with the commit log elsewhere: the server cannot write its tables out and shuts
 *       its doors. Room is made and the server started again.
 *   <li>The same with a commit log that is written in pieces and bears failures: writes get no
 *       answer, reads do, and once there is room the server goes on by itself.
 *   <li>The right to write is taken from the sink's role. That is no matter of waiting: its tier
 *       stops and says why, the other goes on. The right is given back and the sink started again.
 * </ul>
 *
 * <p>Checked: while no writes are taken the committed offsets stand still, rows in flight stay
 * within the window, and the sink has written no dead letter; afterwards the lag goes away, without
 * help but where a sink had given up, in a time that is recorded, every event is stored once, and
 * no commit ever lay above what was stored.
 */
class FullDiskTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** The window, and what is buffered of each partition: 200 records, of four rows mostly. */
  private static final int MOST_IN_FLIGHT =
      SinkLimits.DEFAULT.windowRows() + 200 * FaultDeployment.PARTITIONS * 4;

  private static final double PER_SECOND = 120;

  /** What makes a database take no writes. */
  private interface Fault {
    void begin() throws Exception;

    void end() throws Exception;
  }

  @Test
  void writes_refused_by_the_guardrail_on_disk_usage_are_stored_later() throws Exception {
    guardrail("disk full by the guardrail for 4 s", Duration.ofSeconds(4), 700);
  }

  @Test
  @Tag("soak")
  void writes_refused_for_a_minute_by_the_guardrail_are_stored_later() throws Exception {
    guardrail("disk full by the guardrail for 60 s", Duration.ofSeconds(60), 5_000);
  }

  @Test
  void a_server_that_dies_of_a_full_disk_costs_no_row() throws Exception {
    fullDisk("disk without room: the server dies", true, settings -> settings);
  }

  @Test
  @Tag("soak")
  void a_server_that_cannot_write_its_tables_out_costs_no_row() throws Exception {
    fullDisk(
        "disk without room below the tables",
        true,
        settings ->
            settings
                .withOption(
                    "commitlog_directory", SharedServers.newDirectory("commitlog").toString())
                .withOption("disk_failure_policy", "stop")
                .withOption("memtable_heap_space", "2MiB")
                .withOption("memtable_offheap_space", "2MiB"));
  }

  @Test
  @Tag("soak")
  void a_server_that_goes_on_by_itself_once_there_is_room_costs_no_row() throws Exception {
    fullDisk(
        "disk without room: the server bears it",
        false,
        settings ->
            settings
                .withOption("commitlog_compression", "[{class_name: LZ4Compressor}]")
                .withOption("commit_failure_policy", "ignore")
                .withOption("disk_failure_policy", "ignore"));
  }

  @Test
  void a_role_that_may_only_read_stops_its_own_tier_until_it_may_write_again() throws Exception {
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
      await().atMost(PATIENCE).until(deployment::atWork);
      load.startAt(PER_SECOND / 2);
      await().atMost(PATIENCE).until(() -> deployment.oracle("30d").records() > 100);
      TierSink sink = sink(deployment, "30d");

      int others = deployment.oracle("15d").records();
      write(superuser, harmed, "REVOKE MODIFY ON %s FROM %s");
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(sink.status().state()).isEqualTo(SinkStatus.State.FAILED);
                assertThat(sink.status().reason())
                    .contains("User " + Servers.USER + " has no MODIFY permission on");
              });
      // Counted from the first refusal, which all nodes have to repeat for 30 s.
      await().atMost(PATIENCE).until(() -> deployment.oracle("15d").records() > others + 100);
      assertThat(deployment.oracle("30d").violations()).isEmpty();
      assertThat(deathsInSink(deployment)).isZero();
      assertThat(sink(deployment, "15d").running()).isTrue();
      deployment.stop(sink);

      write(superuser, harmed, "GRANT MODIFY ON %s TO %s");
      // What the server remembers of rights is a tenth of a second old at the most.
      await().pollDelay(Duration.ofMillis(200)).until(() -> true);
      long back = System.nanoTime();
      deployment.startSink("30d");
      load.finish();
      FaultRun.awaitLagZero(deployment);
      run.recovered(Duration.ofNanos(System.nanoTime() - back));
      run.settle(deployment, load);
    }
  }

  private static void guardrail(String name, Duration refusal, int lives) throws Exception {
    EmbeddedCassandra database = Servers.databaseWithUsers();
    try (FaultRun run = FaultRun.of(name);
        FaultDeployment deployment =
            deployment(FaultDeployment.Place.on(database, 30).as(Servers.USER, Servers.USER));
        Load load = Load.of(deployment, 10, lives)) {
      survive(
          run,
          deployment,
          load,
          new Fault() {
            @Override
            public void begin() {
              database.guardDisk(1);
            }

            @Override
            public void end() {
              assertThat(deployment.sinks().get(0).status().reason())
                  .contains("the database's disk is full");
              assertThat(deployment.store("30d").message("acme", "none"))
                  .as("a read")
                  .succeedsWithin(FaultDeployment.REQUEST_TIMEOUT);
              assertErasureWaits(deployment);
              database.guardDisk(1_024);
            }
          },
          refusal);
    } finally {
      database.guardDisk(1_024);
    }
  }

  private static void fullDisk(
      String name, boolean restarted, UnaryOperator<CassandraSettings> settings) throws Exception {
    try (SmallDisk disk = SmallDisk.ofMebibytes(192)) {
      EmbeddedCassandra database =
          EmbeddedCassandra.start(
              settings.apply(CassandraSettings.of(disk.directory()).withQuickStart()));
      try (FaultRun run = FaultRun.of(name);
          FaultDeployment deployment = deployment(FaultDeployment.Place.on(database, 30));
          Load load = Load.of(deployment, 11, 700)) {
        survive(
            run,
            deployment,
            load,
            new Fault() {
              @Override
              public void begin() throws Exception {
                disk.fill();
              }

              @Override
              public void end() throws Exception {
                run.note("serverAlive", database.running());
                disk.makeRoom();
                if (restarted) {
                  // Not stopped in order: a server that could not write a table out, and could
                  // again when it was told to stop, once came back without two rows that it had
                  // acknowledged. What it has in its commit log, it brings back.
                  database.kill();
                  database.restart();
                }
              }
            },
            Duration.ofSeconds(2));
      } finally {
        database.kill();
      }
    }
  }

  /** The fault in mid-stream, a while of it, its end, and what must be true all along. */
  private static void survive(
      FaultRun run, FaultDeployment deployment, Load load, Fault fault, Duration refusal)
      throws Exception {
    deployment.startAll();
    await().atMost(PATIENCE).until(deployment::atWork);
    TierSink sink = deployment.sinks().get(0);
    load.startAt(PER_SECOND);
    await().atMost(PATIENCE).until(() -> deployment.oracle().records() > 200);

    fault.begin();
    order(deployment, stranger());
    await().atMost(PATIENCE).until(() -> sink.status().state() == SinkStatus.State.PAUSED);
    Map<TopicPartition, Long> committed = committedOnceStill(deployment);
    await()
        .pollDelay(refusal)
        .atMost(refusal.plusSeconds(30))
        .untilAsserted(() -> assertThat(deployment.rowsInFlight()).isBetween(1, MOST_IN_FLIGHT));
    assertThat(sink.status().state()).isEqualTo(SinkStatus.State.PAUSED);
    assertThat(committed(deployment)).isEqualTo(committed);
    assertThat(deathsInSink(deployment)).as("dead letters of the sink").isZero();
    run.note("reason", String.valueOf(sink.status().reason()));

    fault.end();
    long back = System.nanoTime();
    await()
        .atMost(PATIENCE)
        .until(() -> sink.running() && sink.status().lagRecords() < PER_SECOND / 2);
    run.recovered(Duration.ofNanos(System.nanoTime() - back));
    load.finish();
    FaultRun.awaitLagZero(deployment);
    run.settle(deployment, load);
  }

  private static FaultDeployment deployment(FaultDeployment.Place place) throws Exception {
    return new FaultDeployment(
        "full_disk",
        SharedServers.kafka().bootstrapServers(),
        SharedServers.registry().url(),
        FixedTenants.of(FaultDeployment.tenant("acme", new TierPeriod("30d", 0L))),
        List.of(place));
  }

  private static void assertErasureWaits(FaultDeployment deployment) {
    assertThat(deployment.store("30d").erase(stranger(), System.currentTimeMillis() * 1_000))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withCauseInstanceOf(WriteException.class)
        .havingCause()
        .satisfies(
            why -> {
              assertThat(((WriteException) why).kind()).isEqualTo(WriteException.Kind.TRANSIENT);
              assertThat(((WriteException) why).diskFull()).isTrue();
            });
  }

  /** A command about a message that there is not: it deletes all the same, and nobody misses it. */
  private static Erasure stranger() {
    return Erasure.newBuilder()
        .setId("stranger")
        .setTenant("acme")
        .setMessageId("stranger")
        .setAt(System.currentTimeMillis())
        .build();
  }

  /** Puts a command into the tier's topic, as the topology does. */
  private static void order(FaultDeployment deployment, Erasure command) throws Exception {
    String topic = deployment.topics().store("30d");
    TierRecord record =
        new TierRecord(
            command.getTenant(), List.of(), null, System.currentTimeMillis(), command, null);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", deployment.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  topic,
                  command.getId().getBytes(StandardCharsets.UTF_8),
                  deployment
                      .serdes()
                      .value(TierRecord.class)
                      .serializer()
                      .serialize(topic, record)))
          .get();
    }
  }

  /** Says something of a role's right to write, for the keyspace and for each of its tables. */
  private static void write(CqlSession superuser, FaultDeployment.Place place, String statement) {
    String keyspace = place.cluster().keyspace();
    superuser.execute(statement.formatted("KEYSPACE " + keyspace, Servers.USER));
    for (Table table : Table.values()) {
      superuser.execute(
          statement.formatted("TABLE " + keyspace + '.' + table.cqlName(), Servers.USER));
    }
  }

  private static TierSink sink(FaultDeployment deployment, String tier) {
    return deployment.sinks().stream()
        .filter(sink -> sink.status().sink().equals(tier))
        .findFirst()
        .orElseThrow();
  }

  private static Map<TopicPartition, Long> committed(FaultDeployment deployment) throws Exception {
    return deployment.kafka().committed(deployment.group("30d"));
  }

  /** What was acknowledged before the fault may be committed a moment after it. */
  private static Map<TopicPartition, Long> committedOnceStill(FaultDeployment deployment)
      throws Exception {
    AtomicReference<Map<TopicPartition, Long>> last = new AtomicReference<>(Map.of());
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              Map<TopicPartition, Long> now = committed(deployment);
              return now.equals(last.getAndSet(now));
            });
    return committed(deployment);
  }

  /** Dead letters that a sink has written: none of the simulated mistakes gets so far. */
  private static long deathsInSink(FaultDeployment deployment) {
    return deployment.kafka().read(deployment.topics().deadLetters()).stream()
        .map(letter -> letter.headers().lastHeader(DeadLetterHeaders.STAGE))
        .filter(
            stage ->
                stage != null && new String(stage.value(), StandardCharsets.UTF_8).equals("sink"))
        .count();
  }
}
