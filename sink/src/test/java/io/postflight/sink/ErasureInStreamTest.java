package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.LinkRelation;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.sink.write.ScriptedWriter;
import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.StoreSamples;
import io.postflight.store.TimelineQuery;
import io.postflight.store.cql.ClusterSettings;
import io.postflight.store.cql.CqlEventStore;
import io.postflight.store.cql.CqlSchema;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Commands in a tier's topic on a real broker are applied after all records before them, and never
 * lost.
 */
class ErasureInStreamTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final List<ShardVersion> ONE_SHARD = List.of(new ShardVersion(1, 0L));

  private final ScriptedWriter database = new ScriptedWriter();
  private final List<TierSink> sinks = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TierTopic topic = new TierTopic();

  /** By command, the rows of all records before it in its partition. */
  private final Map<String, List<Row>> before = new ConcurrentHashMap<>();

  private final Queue<String> tooEarly = new ConcurrentLinkedQueue<>();

  @AfterEach
  void stop() {
    database.release();
    sinks.forEach(sink -> sink.close(Duration.ofSeconds(1)));
    topic.close();
    database.close();
  }

  @Test
  void no_erasure_begins_before_all_earlier_rows_are_stored() throws Exception {
    int commands = produceWithCommands(1_200, 25);
    database.latency(8);
    database.failing(0.05);
    database.onErase(
        command -> {
          if (!database.stored.containsAll(before.getOrDefault(command.getId(), List.of()))) {
            tooEarly.add(command.getId());
          }
        });

    start(database);

    await().atMost(LONG).untilAsserted(topic::assertAllCommitted);
    assertThat(tooEarly).isEmpty();
    assertThat(database.erasures.stream().map(Erasure::getId).distinct()).hasSize(commands);
    assertThat(meters.get("postflight.sink.writes").tag("outcome", "erased").counter().count())
        .isEqualTo(commands);
  }

  @Test
  void a_command_that_did_not_complete_is_applied_by_the_next_instance() throws Exception {
    produceWithCommands(40, 20);
    database.stall(true);
    TierSink first = start(database);
    await().atMost(LONG).until(() -> !database.erasures.isEmpty());
    first.close(Duration.ZERO);
    int begun = database.erasures.size();
    Map<?, Long> committed = new HashMap<>(topic.committed());
    assertThat(committed).isNotEqualTo(topic.ends());

    database.stall(false);
    start(database);

    await().atMost(LONG).untilAsserted(topic::assertAllCommitted);
    assertThat(database.erasures.size()).isGreaterThan(begun);
    assertThat(database.erasures.stream().map(Erasure::getId).distinct()).hasSize(2);
  }

  @Test
  void a_real_database_keeps_all_rows_but_the_erased() throws Exception {
    EmbeddedCassandra server = SharedServers.cassandra();
    ClusterSettings cluster =
        ClusterSettings.singleNode(
            server.host(),
            server.port(),
            server.datacenter(),
            SharedServers.uniqueName("sinkerase"));
    CqlSchema.create(Fixtures.TIER, cluster);
    try (CqlEventStore store =
        CqlEventStore.open(Fixtures.TIER, cluster, tenant -> ONE_SHARD, InstantSource.system())) {
      for (int i = 0; i < 30; i++) {
        send("u" + i % 3, Fixtures.delivered("u" + i % 3, "m" + i));
      }
      send("u1", Fixtures.command(Fixtures.erasure("m1", null)));
      send("u2", Fixtures.command(Fixtures.erasure(null, "u2")));
      send("u0", Fixtures.delivered("u0", "later"));
      AliasLink link = new AliasLink("DE.1", LinkRelation.SAME, 5L, 5L, null);
      send("u1", StoreSamples.identity(Fixtures.TENANT, "u1", 1_000, link));
      send("u2", StoreSamples.identity(Fixtures.TENANT, "u2", 1_000, link));
      send("u2", StoreSamples.identity(Fixtures.TENANT, "u2", 2_000));

      start(store);
      await().atMost(LONG).untilAsserted(topic::assertAllCommitted);

      assertThat(items(store, "u0")).isEqualTo(11);
      assertThat(store.identity(Fixtures.TENANT, "u1").toCompletableFuture().get())
          .containsExactly(link);
      assertThat(store.identity(Fixtures.TENANT, "u2").toCompletableFuture().get()).isEmpty();
      assertThat(items(store, "u1")).isEqualTo(9);
      assertThat(items(store, "u2")).isZero();
      assertThat(store.message(Fixtures.TENANT, "m1").toCompletableFuture().get()).isEmpty();
      assertThat(store.message(Fixtures.TENANT, "m2").toCompletableFuture().get()).isEmpty();
      assertThat(store.message(Fixtures.TENANT, "m4").toCompletableFuture().get()).isPresent();
    }
  }

  private static int items(CqlEventStore store, String user) throws Exception {
    return store
        .timeline(TimelineQuery.newest(Fixtures.TENANT, user, ONE_SHARD, 100))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .items()
        .size();
  }

  /** Deliveries to ten users, with a command to one of them now and then. */
  private int produceWithCommands(int records, int every) throws Exception {
    Map<Integer, List<Row>> rows = new HashMap<>();
    int commands = 0;
    for (int i = 0; i < records; i++) {
      String user = "u" + i % 10;
      TierRecord record = Fixtures.delivered(user, "m" + i);
      int partition = send(user, record);
      List<Row> sofar = rows.computeIfAbsent(partition, none -> new ArrayList<>());
      sofar.addAll(Rows.of(record, Fixtures.TIER));
      if (i % every == every - 1) {
        Erasure command = Fixtures.erasure("m" + i, null);
        before.put(command.getId(), List.copyOf(sofar));
        send(user, Fixtures.command(command));
        commands++;
      }
    }
    return commands;
  }

  private int send(String user, TierRecord record) throws Exception {
    List<RecordMetadata> at =
        topic.produce(
            List.of(
                new ProducerRecord<>(
                    topic.name, Fixtures.TENANT + '|' + user, topic.bytes(record))));
    return at.get(0).partition();
  }

  private <S extends EventWriter & EventEraser> TierSink start(S store) {
    SinkSettings settings =
        SinkSettings.of(
            Fixtures.TIER,
            new SinkSettings.Source(topic.name, topic.deadLetters, topic.group),
            SharedServers.newDirectory("state"),
            SharedServers.kafka().bootstrapServers());
    TierSink sink = TierSink.start(settings, store, topic.serde.deserializer(), meters);
    sinks.add(sink);
    return sink;
  }
}
