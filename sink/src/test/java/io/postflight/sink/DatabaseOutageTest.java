package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.sink.SinkStatus.State;
import io.postflight.sink.commit.RecordingClients;
import io.postflight.sink.write.AcknowledgedWriter;
import io.postflight.store.cql.ClusterSettings;
import io.postflight.store.cql.CqlEventStore;
import io.postflight.store.cql.CqlSchema;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * At-least-once delivery with a real database that is paused for half a minute, and a sink that is
 * killed.
 */
class DatabaseOutageTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final int BEFORE = 3_000;
  private static final int ALL = 4_000;

  @Test
  void an_outage_of_30_s_and_a_killed_sink_lose_nothing() throws Exception {
    try (EmbeddedCassandra server =
            EmbeddedCassandra.start(
                CassandraSettings.of(SharedServers.newDirectory("outage")).withQuickStart());
        TierTopic topic = new TierTopic()) {
      ClusterSettings cluster =
          ClusterSettings.singleNode(server.host(), server.port(), server.datacenter(), "outage")
              .withRequestTimeout(Duration.ofSeconds(2));
      CqlSchema.create(Fixtures.TIER, cluster);
      try (CqlEventStore store =
          CqlEventStore.open(Fixtures.TIER, cluster, InstantSource.system())) {
        AcknowledgedWriter writer = new AcknowledgedWriter(store);
        CommitOracle oracle = new CommitOracle(writer.stored);
        topic.produce(oracle, 0, BEFORE / 2, 500);
        RecordingClients clients = new RecordingClients("first", oracle);
        TierSink first = start(topic, writer, clients);
        await().atMost(LONG).until(() -> writer.stored.size() > 1_000);

        server.pause();
        topic.produce(oracle, BEFORE / 2, BEFORE, 500);
        await()
            .during(Duration.ofSeconds(30))
            .atMost(Duration.ofSeconds(40))
            .until(() -> first.healthy() && oracle.violations.isEmpty());
        assertThat(first.status().state()).isEqualTo(State.PAUSED);
        server.resume();
        await().atMost(LONG).untilAsserted(() -> assertThat(oracle.missing()).isZero());

        topic.produce(oracle, BEFORE, ALL, 500);
        await().atMost(LONG).until(() -> oracle.missing() < 4 * (ALL - BEFORE));
        clients.kill();
        first.close(Duration.ZERO);
        TierSink second = start(topic, writer, new RecordingClients("second", oracle));

        await().atMost(LONG).untilAsserted(() -> assertThat(oracle.missing()).isZero());
        await().atMost(LONG).untilAsserted(topic::assertAllCommitted);
        oracle.assertNoViolation();
        assertEveryMessageIsRead(store);
        second.close();
      }
    }
  }

  private static void assertEveryMessageIsRead(CqlEventStore store) throws Exception {
    for (int from = 0; from < ALL; from += 100) {
      List<CompletableFuture<Boolean>> reads = new ArrayList<>();
      for (int i = from; i < from + 100; i++) {
        reads.add(
            store
                .message(Fixtures.TENANT, "m" + i)
                .thenApply(Optional::isPresent)
                .toCompletableFuture());
      }
      for (int i = 0; i < 100; i++) {
        assertThat(reads.get(i).get(10, TimeUnit.SECONDS)).as("m" + (from + i)).isTrue();
      }
    }
  }

  private static TierSink start(
      TierTopic topic, AcknowledgedWriter writer, RecordingClients clients) {
    SinkSettings settings =
        SinkSettings.of(
            Fixtures.TIER,
            new SinkSettings.Source(topic.name, topic.deadLetters, topic.group),
            SharedServers.newDirectory("state"),
            SharedServers.kafka().bootstrapServers());
    return TierSink.start(
        settings, writer, topic.serde.deserializer(), new SimpleMeterRegistry(), clients);
  }
}
