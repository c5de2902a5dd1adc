package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.sink.SinkStatus.State;
import io.postflight.sink.commit.RecordingClients;
import io.postflight.sink.write.ScriptedWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * At-least-once delivery: no offset is committed above a record that is not stored, and in the end
 * all records are stored and committed.
 */
class AtLeastOnceTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ScriptedWriter database = new ScriptedWriter();
  private final CommitOracle oracle = new CommitOracle(database.stored);
  private final List<TierSink> sinks = new ArrayList<>();
  private TierTopic topic;

  @BeforeEach
  void make_a_topic() {
    topic = new TierTopic();
  }

  @AfterEach
  void stop() {
    database.release();
    sinks.forEach(sink -> sink.close(Duration.ofSeconds(1)));
    topic.close();
    database.close();
  }

  @Test
  void while_some_writes_fail() throws Exception {
    topic.produce(oracle, 0, 4_000, 300);
    database.latency(5);
    database.failing(0.05);

    start("a");

    assertAllDone();
    assertThat(database.rows.get()).isGreaterThan(database.stored.size());
  }

  @Test
  void while_a_second_instance_joins_and_leaves() throws Exception {
    topic.produce(oracle, 0, 3_000, 300);
    database.latency(40);
    start("a");
    await().atMost(LONG).until(() -> database.stored.size() > 1_000);

    TierSink second = start("b");
    await().atMost(LONG).until(() -> !second.status().partitions().isEmpty());
    topic.produce(oracle, 3_000, 6_000, 300);
    await().atMost(LONG).until(() -> oracle.missing() < 8_000);
    second.close(Duration.ZERO);
    topic.produce(oracle, 6_000, 7_000, 300);

    assertAllDone();
  }

  @Test
  void while_tasks_are_suspended_and_resumed() throws Exception {
    topic.produce(oracle, 0, 3_000, 300);
    database.latency(30);
    database.failing(0.02);
    RecordingClients clients = new RecordingClients("a", oracle);
    start(clients);

    for (int round = 1; round <= 3; round++) {
      int enough = round * 2_500;
      await().atMost(LONG).until(() -> database.stored.size() > enough);
      clients.suspendAndResume();
      await().atMost(LONG).until(clients::suspended);
    }
    topic.produce(oracle, 3_000, 4_000, 300);

    assertAllDone();
  }

  @Test
  void when_the_database_becomes_unavailable_and_recovers() throws Exception {
    topic.produce(oracle, 0, 20_000, 2_000);
    database.latency(3);
    TierSink sink = start("a");
    await().atMost(LONG).until(() -> database.stored.size() > 4_000);

    database.unavailable(true);
    await().atMost(LONG).until(() -> sink.status().state() == State.PAUSED);
    await().atMost(LONG).until(() -> database.probes.get() > 3);
    assertThat(sink.status().reason()).isEqualTo("unavailable");
    database.unavailable(false);

    assertAllDone();
    assertThat(sink.status().state()).isEqualTo(State.RUNNING);
  }

  @Test
  void when_the_process_is_killed_and_another_takes_over() throws Exception {
    topic.produce(oracle, 0, 6_000, 300);
    database.latency(10);
    RecordingClients clients = new RecordingClients("a", oracle);
    TierSink killed = start(clients);
    await().atMost(LONG).until(() -> database.stored.size() > 6_000);

    clients.kill();
    killed.close(Duration.ZERO);
    start("b");

    assertAllDone();
  }

  @Test
  void after_a_clean_shutdown_nothing_is_written_again() throws Exception {
    topic.produce(oracle, 0, 1_000, 300);
    database.hold();
    TierSink sink = start("a");
    await().atMost(LONG).until(() -> sink.status().rowsInFlight() > 1_000);
    Thread closing = new Thread(() -> sink.close(Duration.ofSeconds(20)));
    closing.start();
    await().atMost(LONG).until(() -> sink.status().state() == State.STOPPING);

    database.release();
    closing.join();
    int written = database.rows.get();
    assertThat(database.stored).hasSize(written);
    start("b");

    assertAllDone();
    assertThat(database.rows.get()).isEqualTo(database.stored.size());
  }

  @Test
  void nothing_is_consumed_before_the_database_responds() throws Exception {
    topic.produce(oracle, 0, 100, 10);
    database.unavailable(true);
    TierSink sink = start("a");
    await().atMost(LONG).until(() -> database.probes.get() > 2);

    assertThat(sink.status().state()).isEqualTo(State.PAUSED);
    assertThat(sink.healthy()).isTrue();
    assertThat(database.statements).hasValue(0);
    database.unavailable(false);

    assertAllDone();
  }

  private TierSink start(String name) {
    return start(new RecordingClients(name, oracle));
  }

  private TierSink start(RecordingClients clients) {
    SinkSettings settings =
        SinkSettings.of(
            Fixtures.TIER,
            new SinkSettings.Source(topic.name, topic.deadLetters, topic.group),
            SharedServers.newDirectory("state"),
            SharedServers.kafka().bootstrapServers());
    TierSink sink =
        TierSink.start(
            settings, database, topic.serde.deserializer(), new SimpleMeterRegistry(), clients);
    sinks.add(sink);
    return sink;
  }

  private void assertAllDone() {
    await().atMost(LONG).untilAsserted(() -> assertThat(oracle.missing()).isZero());
    await().atMost(LONG).untilAsserted(topic::assertAllCommitted);
    oracle.assertNoViolation();
  }
}
