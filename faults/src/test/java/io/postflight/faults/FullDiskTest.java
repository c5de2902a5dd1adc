package io.postflight.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.sink.SinkStatus;
import io.postflight.sink.TierSink;
import io.postflight.sink.write.SinkLimits;
import io.postflight.store.StoreException;
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
 * Guarantee: a database that accepts no writes because its disk is full costs time, not rows, and
 * causes no dead letter.
 *
 * <p>Faults, each under load:
 *
 * <ul>
 *   <li>Cassandra's guardrail on disk usage: each write and erasure is rejected as an invalid
 *       query, reads succeed.
 *   <li>A full file system below commit log and data: the server crashes. Space is freed and the
 *       server restarted.
 *   <li>The same with the commit log elsewhere: the server cannot flush memtables and stops
 *       accepting clients. Space is freed and the server restarted.
 *   <li>The same with a commit log that tolerates failures: writes time out, reads succeed, and
 *       once there is space the server resumes by itself.
 * </ul>
 *
 * <p>Checked: while no writes are accepted the committed offsets do not advance, rows in flight
 * stay within the window, and the sink has written no dead letter; afterwards the lag is processed
 * by itself, in a time that is recorded, every event is stored once, and no commit was above what
 * was stored.
 */
class FullDiskTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** The window, and what is buffered of each partition: 200 records, mostly of three rows. */
  private static final int MOST_IN_FLIGHT =
      SinkLimits.DEFAULT.window().rows() + 200 * FaultDeployment.PARTITIONS * 3;

  private static final double PER_SECOND = 120;

  /** A fault that makes a database reject writes. */
  private interface DiskFault {
    void begin() throws Exception;

    void end() throws Exception;
  }

  @Test
  void writes_rejected_by_the_guardrail_on_disk_usage_are_stored_later() throws Exception {
    guardrail("disk full by the guardrail for 4 s", Duration.ofSeconds(4), 1_100);
  }

  @Test
  @Tag("soak")
  void writes_rejected_for_a_minute_by_the_guardrail_are_stored_later() throws Exception {
    guardrail("disk full by the guardrail for 60 s", Duration.ofSeconds(60), 5_000);
  }

  @Test
  @Tag("soak")
  void a_server_that_crashes_on_a_full_disk_loses_no_row() throws Exception {
    fullDisk("disk without room: the server dies", true, settings -> settings);
  }

  @Test
  @Tag("soak")
  void a_server_that_cannot_flush_memtables_loses_no_row() throws Exception {
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
  void a_server_that_resumes_by_itself_once_there_is_space_loses_no_row() throws Exception {
    fullDisk(
        "disk without room: the server bears it",
        false,
        settings ->
            settings
                .withOption("commitlog_compression", "[{class_name: LZ4Compressor}]")
                .withOption("commit_failure_policy", "ignore")
                .withOption("disk_failure_policy", "ignore"));
  }

  private static void guardrail(String name, Duration refusal, int messages) throws Exception {
    EmbeddedCassandra database = Servers.databaseWithUsers();
    try (FaultRun run = FaultRun.of(name);
        FaultDeployment deployment =
            deployment(FaultDeployment.Place.on(database, 30).as(Servers.USER, Servers.USER));
        Load load = Load.of(deployment, 10, messages)) {
      survive(
          run,
          deployment,
          load,
          new DiskFault() {
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
          Load load = Load.of(deployment, 11, 1_100)) {
        survive(
            run,
            deployment,
            load,
            new DiskFault() {
              @Override
              public void begin() throws Exception {
                disk.fill();
              }

              @Override
              public void end() throws Exception {
                run.note("serverAlive", database.running());
                disk.freeSpace();
                if (restarted) {
                  // Not stopped gracefully: a server that could not flush a table, but could when
                  // it was stopped, once restarted without two acknowledged rows. What is in its
                  // commit log is replayed.
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

  /** Injects the fault in mid-stream, ends it after a while, and checks the invariants. */
  private static void survive(
      FaultRun run, FaultDeployment deployment, Load load, DiskFault fault, Duration refusal)
      throws Exception {
    deployment.startAll();
    await().atMost(TIMEOUT).until(deployment::isRunning);
    TierSink sink = deployment.sinks().get(0);
    load.startAt(PER_SECOND);
    await().atMost(TIMEOUT).until(() -> deployment.oracle().records() > 200);

    fault.begin();
    append(deployment, stranger());
    await().atMost(TIMEOUT).until(() -> sink.status().state() == SinkStatus.State.PAUSED);
    Map<TopicPartition, Long> committed = committedOnceStill(deployment);
    await()
        .pollDelay(refusal)
        .atMost(refusal.plusSeconds(30))
        .untilAsserted(() -> assertThat(deployment.rowsInFlight()).isBetween(1, MOST_IN_FLIGHT));
    assertThat(sink.status().state()).isEqualTo(SinkStatus.State.PAUSED);
    assertThat(committed(deployment)).isEqualTo(committed);
    assertThat(deployment.deadLettersOfSinks()).as("dead letters of the sink").isZero();
    run.note("reason", String.valueOf(sink.status().reason()));

    fault.end();
    long back = System.nanoTime();
    await()
        .atMost(TIMEOUT)
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
        .withCauseInstanceOf(StoreException.class)
        .havingCause()
        .satisfies(
            why -> {
              assertThat(((StoreException) why).kind()).isEqualTo(StoreException.Kind.TRANSIENT);
              assertThat(((StoreException) why).diskFull()).isTrue();
            });
  }

  /** A command about a message that does not exist: it executes deletes without effect. */
  private static Erasure stranger() {
    return Erasure.newBuilder()
        .setId("stranger")
        .setTenant("acme")
        .setMessageId("stranger")
        .setAt(System.currentTimeMillis())
        .build();
  }

  /** Appends a command to the tier topic, as the topology does. */
  private static void append(FaultDeployment deployment, Erasure command) throws Exception {
    String topic = deployment.topics().store("30d");
    TierRecord record =
        new TierRecord(
            command.getTenant(), List.of(), null, System.currentTimeMillis(), command, null, null);
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

  private static Map<TopicPartition, Long> committed(FaultDeployment deployment) throws Exception {
    return deployment.kafka().committed(deployment.group("30d"));
  }

  /** What was acknowledged before the fault may be committed shortly after it. */
  private static Map<TopicPartition, Long> committedOnceStill(FaultDeployment deployment)
      throws Exception {
    AtomicReference<Map<TopicPartition, Long>> last = new AtomicReference<>(Map.of());
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              Map<TopicPartition, Long> now = committed(deployment);
              return now.equals(last.getAndSet(now));
            });
    return committed(deployment);
  }
}
