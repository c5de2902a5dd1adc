package io.postflight.api;

import static io.postflight.api.TestApi.ACME_ERASE_KEY;
import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.MOVER_ERASE_KEY;
import static io.postflight.api.TestApi.MOVER_KEY;
import static io.postflight.api.TestApi.NOW;
import static io.postflight.api.TestApi.json;
import static io.postflight.api.TwoTiers.TIER_15D;
import static io.postflight.api.TwoTiers.TIER_30D;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.api.erasure.ErasureBackend;
import io.postflight.api.erasure.ErasureSettings;
import io.postflight.api.erasure.KafkaCommandLog;
import io.postflight.api.gateway.KafkaSender;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.topic.TopicCatalogue;
import io.postflight.schema.topic.TopicSizes;
import io.postflight.schema.topic.Topics;
import io.postflight.store.ListingQuery;
import io.postflight.store.PageRequest;
import io.postflight.store.Tier;
import io.postflight.store.TimelineQuery;
import io.postflight.store.cql.ClusterSettings;
import io.postflight.store.cql.CqlEventStore;
import io.postflight.store.cql.CqlSchema;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Erasure commands over a real broker and a real CQL server, with several API instances. */
final class ErasureOnServersTest {
  private static final long MINUTE = 60_000;
  private static final long T = NOW.toEpochMilli();
  private static final List<ShardVersion> SHARDS = List.of(new ShardVersion(2, 0L));
  private static final Topics TOPICS = new Topics(SharedServers.uniqueName("erasure") + '.');
  private static final Map<String, Object> KAFKA =
      Map.of("bootstrap.servers", SharedServers.kafka().bootstrapServers());
  private static final KafkaProducer<byte[], byte[]> PRODUCER =
      new KafkaProducer<>(KafkaSender.producerConfig(KAFKA));
  private static final CqlEventStore STORE_30D = store(TIER_30D);
  private static final CqlEventStore STORE_15D = store(TIER_15D);

  private final Given in30 = new Given(STORE_30D, TIER_30D);
  private final Given in15 = new Given(STORE_15D, TIER_15D);
  @AutoClose private final Instance instance = new Instance(ErasureSettings.DEFAULTS);

  /** A server with its own ledger client on the shared topic. */
  private static final class Instance implements AutoCloseable {
    private final KafkaCommandLog ledger =
        new KafkaCommandLog(
            new KafkaCommandLog.LedgerSettings(KAFKA, TOPICS.erasures(), Duration.ofDays(14)),
            PRODUCER,
            AvroSerdes.mock(TOPICS.prefix()),
            InstantSource.system());
    private final TestApi api;

    Instance(ErasureSettings settings) {
      this(settings, InstantSource.fixed(NOW));
    }

    Instance(ErasureSettings settings, InstantSource clock) {
      api =
          TestApi.erasing(
              all -> all.withErasure(settings),
              List.of(STORE_30D, STORE_15D),
              new ErasureBackend(new ExtendingLog(ledger)),
              clock);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  json(api.get("/health/status", TestApi.OPERATOR_KEY)).get("healthy").asBoolean());
    }

    @Override
    public void close() {
      api.closeLater();
      ledger.close();
    }
  }

  @BeforeAll
  static void prepare() throws InterruptedException {
    SharedServers.kafka()
        .createTopics(
            TopicCatalogue.of(TOPICS, List.of(), TopicSizes.of(1, 1)).stream()
                .filter(spec -> spec.name().equals(TOPICS.erasures()))
                .map(TopicCatalogue.Spec::newTopic)
                .toList());
    assertThat(STORE_30D.awaitReady(Duration.ofSeconds(30))).isTrue();
    assertThat(STORE_15D.awaitReady(Duration.ofSeconds(30))).isTrue();
  }

  @AfterAll
  static void stop() {
    STORE_30D.close();
    STORE_15D.close();
    PRODUCER.close(Duration.ZERO);
  }

  @Test
  void an_erased_message_is_absent_from_all_tables_and_instances() {
    in30.message("acme", "m-kept", "u-a", T - 9 * MINUTE, Status.SENT, Status.READ);
    in30.message("acme", "m-gone", "u-a", T - 5 * MINUTE, Status.SENT, Status.READ);
    try (Instance other = new Instance(ErasureSettings.DEFAULTS)) {
      JsonNode receipt = json(done(instance.api.delete("/v1/messages/m-gone", ACME_ERASE_KEY)));

      assertThat(receipt.get("rows").asLong()).isPositive();
      assertThat(message(STORE_30D, "acme", "m-gone")).isEmpty();
      assertThat(message(STORE_30D, "acme", "m-kept")).isPresent();
      assertThat(eventsOf("u-a")).containsOnly("m-kept");
      assertThat(listed()).contains("m-kept").doesNotContain("m-gone");
      assertThat(instance.api.get("/v1/messages/m-gone", ACME_KEY).statusCode()).isEqualTo(404);
      String path = "/v1/erasures/" + receipt.get("id").asText();
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(json(other.api.get(path, ACME_ERASE_KEY))).isEqualTo(receipt));

      // A lagging sink writes the same rows, and one of a later event.
      in30.message("acme", "m-gone", "u-a", T - 5 * MINUTE, Status.SENT, Status.READ);
      in30.orphan(Given.event("acme", "m-gone", "u-a", Status.PLAYED, T + MINUTE));

      assertThat(other.api.get("/v1/messages/m-gone", ACME_KEY).statusCode()).isEqualTo(404);
      assertThat(other.api.get("/v1/users/u-a/timeline?until=" + (T + 9 * MINUTE), ACME_KEY).body())
          .contains("m-kept")
          .doesNotContain("m-gone");
      assertThat(other.api.get("/v1/messages?user=u-a", ACME_KEY).body())
          .contains("m-kept")
          .doesNotContain("m-gone");
    }
  }

  @Test
  void a_users_erasure_includes_messages_in_flight_but_not_later_ones() {
    in30.message("acme", "m-old", "u-b", T - 25 * 60 * MINUTE, Status.SENT, Status.READ);
    in30.message("acme", "m-flying", "u-b", T - MINUTE, Status.SENT);
    in30.action(Given.action("acme", "u-b", "product_viewed", T - MINUTE));
    in30.message("acme", "m-others", "u-c", T - MINUTE, Status.DELIVERED);

    done(instance.api.delete("/v1/users/u-b", ACME_ERASE_KEY));
    in30.message("acme", "m-new", "u-b", T + 1, Status.SENT, Status.DELIVERED);

    assertThat(message(STORE_30D, "acme", "m-old")).isEmpty();
    assertThat(message(STORE_30D, "acme", "m-flying")).isEmpty();
    assertThat(message(STORE_30D, "acme", "m-others")).isPresent();
    assertThat(eventsOf("u-b")).containsOnly("m-new");
    assertThat(eventsOf("u-c")).containsOnly("m-others");
    assertThat(instance.api.get("/v1/messages/m-new", ACME_KEY).statusCode()).isEqualTo(200);
    assertThat(
            json(instance.api.get("/v1/users/u-b/timeline?until=" + (T + 9 * MINUTE), ACME_KEY))
                .get("items"))
        .hasSize(2);
  }

  @Test
  void only_the_redacted_field_is_removed_from_the_row() {
    in30.message("acme", "m-failed", "u-d", T - MINUTE, Status.SENT, Status.FAILED);

    JsonNode receipt =
        json(
            done(
                instance.api.patch(
                    "/v1/messages/m-failed",
                    ACME_ERASE_KEY,
                    "{\"redact\":[\"recipient\",\"error\"]}")));

    assertThat(receipt.get("rows").asLong()).isPositive();
    MessageRevision row = message(STORE_30D, "acme", "m-failed").orElseThrow();
    assertThat(Facts.texts(row.getFacts())).doesNotContainKey("recipient").containsKey("sender");
    assertThat(Facts.error(row.getFacts())).isNull();
    JsonNode message = json(instance.api.get("/v1/messages/m-failed", ACME_KEY));
    assertThat(message.get("status").asText()).isEqualTo("FAILED");
    assertThat(message.has("recipient")).isFalse();
    assertThat(message.has("error")).isFalse();
    assertThat(message.get("redacted"))
        .extracting(JsonNode::asText)
        .containsExactly("error", "recipient");
  }

  @Test
  void a_tenant_that_moved_is_erased_in_both_tiers() {
    in15.message("mover", "m-15", "u-e", T - 2 * 24 * 60 * MINUTE, Status.READ);
    in30.message("mover", "m-30", "u-e", T - MINUTE, Status.READ);

    done(instance.api.delete("/v1/users/u-e", MOVER_ERASE_KEY));

    assertThat(message(STORE_15D, "mover", "m-15")).isEmpty();
    assertThat(message(STORE_30D, "mover", "m-30")).isEmpty();
    assertThat(json(instance.api.get("/v1/users/u-e/timeline", MOVER_KEY)).get("items")).isEmpty();
  }

  @Test
  void a_durable_command_of_a_crashed_instance_is_finished_by_another() {
    in30.message("acme", "m-left", "u-f", T - MINUTE, Status.READ);
    Erasure left =
        Erasure.newBuilder()
            .setId(ErasureIds.next(T, new Random(5)))
            .setTenant("acme")
            .setMessageId("m-left")
            .setAt(T)
            .build();
    instance.ledger.append(left).join();
    ErasureSettings eager =
        new ErasureSettings(
            Duration.ofSeconds(10),
            16,
            1_000,
            1_000,
            Duration.ofDays(14),
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            Duration.ofSeconds(1));
    try (Instance next = new Instance(eager)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(
                          json(next.api.get("/v1/erasures/" + left.getId(), ACME_ERASE_KEY))
                              .get("state")
                              .asText())
                      .isEqualTo("DONE"));
    }
    assertThat(message(STORE_30D, "acme", "m-left")).isEmpty();
  }

  @Test
  void a_receipt_that_is_no_longer_held_is_found_in_the_topic() {
    AtomicReference<Instant> now = new AtomicReference<>(NOW);
    try (Instance small = new Instance(ErasureSettings.DEFAULTS, now::get)) {
      JsonNode first = json(done(small.api.delete("/v1/messages/m-x", ACME_ERASE_KEY)));
      now.set(NOW.plus(ErasureSettings.DEFAULTS.guardedFor()).plusSeconds(1));
      done(small.api.delete("/v1/messages/m-y", ACME_ERASE_KEY));

      assertThat(json(small.api.get("/v1/erasures/" + first.get("id").asText(), ACME_ERASE_KEY)))
          .isEqualTo(first);
    }
  }

  private static HttpResponse<String> done(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response;
  }

  private static Optional<MessageRevision> message(CqlEventStore store, String tenant, String id) {
    return store.message(tenant, id).toCompletableFuture().join();
  }

  private static List<String> eventsOf(String user) {
    TimelineQuery all =
        new TimelineQuery(
            "acme",
            user,
            SHARDS,
            null,
            PageRequest.first(100).between(null, T + 9 * MINUTE).within(Duration.ofSeconds(10)));
    return STORE_30D.timeline(all).toCompletableFuture().join().items().stream()
        .map(item -> String.valueOf(item.messageId()))
        .toList();
  }

  private static List<String> listed() {
    return STORE_30D
        .listing(ListingQuery.newest("acme", SHARDS, 100))
        .toCompletableFuture()
        .join()
        .items()
        .stream()
        .map(item -> item.messageId())
        .toList();
  }

  private static CqlEventStore store(Tier tier) {
    EmbeddedCassandra cassandra = SharedServers.cassandra();
    ClusterSettings cluster =
        ClusterSettings.singleNode(
            cassandra.host(),
            cassandra.port(),
            cassandra.datacenter(),
            SharedServers.uniqueName("erasure"));
    CqlSchema.create(tier, cluster);
    return CqlEventStore.open(tier, cluster, tenant -> SHARDS, InstantSource.fixed(NOW));
  }
}
