package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.event.Status;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.StoreException;
import io.postflight.store.StoreSamples;
import io.postflight.store.Tier;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The store reconnects after an outage of the database without a restart. */
class CqlOutageTest {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));

  @Test
  void writes_fail_as_transient_during_an_outage_and_succeed_afterwards() {
    try (EmbeddedCassandra server =
        EmbeddedCassandra.start(
            CassandraSettings.of(SharedServers.newDirectory("outage")).withQuickStart())) {
      ClusterSettings settings =
          ClusterSettings.singleNode(server.host(), server.port(), server.datacenter(), "outage");
      CqlSchema.create(TIER, settings);

      try (CqlEventStore store = open(settings.withRequestTimeout(Duration.ofSeconds(2)))) {
        assertThat(store.ready().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(60));
        server.pause();
        assertTransient(store.write(row("paused")));
        assertTransient(store.probe());
        server.resume();
        awaitWritten(store, "paused");

        server.kill();
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertTransient(store.write(row("killed"))));
        try (CqlEventStore early = open(settings)) {
          assertTransient(early.write(row("early")));

          server.restart();
          awaitWritten(store, "killed");
          assertThat(early.ready().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(60));
          awaitWritten(early, "early");
        }
      }
    }
  }

  @Test
  void a_store_that_is_not_connected_can_be_closed() {
    CqlEventStore store =
        open(ClusterSettings.singleNode("127.0.0.1", 1, "datacenter1", "nowhere"));
    assertTransient(store.probe());
    store.close();
    assertThat(store.ready().toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
    assertTransient(store.write(row("late")));
  }

  private static CqlEventStore open(ClusterSettings settings) {
    return CqlEventStore.open(TIER, settings, InstantSource.system());
  }

  private static List<Row> row(String messageId) {
    return Rows.of(
            StoreSamples.message(
                StoreSamples.delivered(
                    "acme", TIER.name(), messageId, "u", System.currentTimeMillis(), 1)),
            TIER)
        .subList(0, 1);
  }

  private static void awaitWritten(CqlEventStore store, String messageId) {
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> store.write(row(messageId)).toCompletableFuture().join().written() == 1);
    assertThat(store.message("acme", messageId).toCompletableFuture())
        .succeedsWithin(Duration.ofSeconds(10))
        .satisfies(
            found ->
                assertThat(found.orElseThrow().getFacts().getTimes())
                    .containsKey(Status.DELIVERED.name()));
  }

  private static void assertTransient(CompletionStage<?> stage) {
    CompletionException failure =
        catchThrowableOfType(CompletionException.class, () -> stage.toCompletableFuture().join());
    assertThat(failure.getCause())
        .isInstanceOfSatisfying(
            StoreException.class,
            cause -> assertThat(cause.kind()).isEqualTo(StoreException.Kind.TRANSIENT));
  }
}
