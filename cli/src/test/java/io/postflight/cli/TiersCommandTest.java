package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.runtime.TestDeployment;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.recovery.RecoveryFeed;
import io.postflight.schema.recovery.RecoveryPhase;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.settings.DeploymentSettings;
import io.postflight.sink.write.RecoveryAwareStore;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.cql.CqlEventStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** The recovery of a tier, on real servers. */
class TiersCommandTest {
  private static final String TENANT = "acme";

  @Test
  void a_recovery_begins_is_known_to_all_erases_what_reappeared_and_ends() throws Exception {
    TestDeployment deployment = TestDeployment.of("recovery").created();
    Map<String, String> kafka = deployment.settings().kafka().clientProperties();
    String topic = deployment.settings().kafka().topics().recoveries();
    StorageTier tier = deployment.settings().tiers().get(0);
    Erasure command = command("u-erased", System.currentTimeMillis());
    assertThat(recovery(CommandRun.done(deployment, "tiers", "list", "--json"))).isEqualTo("null");

    try (RecoveryFeed api = RecoveryFeed.announcing(kafka, topic, "api-1");
        RecoveryFeed sink = RecoveryFeed.start(kafka, topic);
        CqlEventStore store = store(tier)) {
      RecoveryFeed.Written never = new RecoveryFeed.Written(Long.MAX_VALUE, 0);
      await().until(() -> RecoveryFeed.notAcknowledged(kafka, topic, never).contains("api-1"));
      CommandRun start =
          CommandRun.done(deployment, "tiers", "recovery", "start", "--tier", "30d", "--json");

      assertThat(api.known("30d")).contains(RecoveryPhase.LOADING);
      assertThat(json(start).path("notAcknowledged")).isEmpty();
      assertThat(start.err()).contains(tier.cluster().keyspace(), topic);
      assertThat(recovery(CommandRun.done(deployment, "tiers", "list", "--json")))
          .isEqualTo("LOADING");

      CommandRun repair =
          CommandRun.on(deployment, "verify", "--tier", "30d", "--from", "1h", "--repair");
      assertThat(repair.code()).isEqualTo(2);
      assertThat(repair.err()).contains("tiers recovery finish --tier 30d");
      append(deployment, command);
      RecoveryAwareStore ofSink = RecoveryAwareStore.of("30d", store, sink);
      assertThat(get(ofSink.erase(command, ErasureTimes.micros(command)))).isZero();
      load(store, tier, "m-old", "u-erased");
      load(store, tier, "m-other", "u-other");
      CommandRun finish =
          CommandRun.done(deployment, "tiers", "recovery", "finish", "--tier", "30d", "--json");

      // Message, listing and timeline.
      assertThat(json(finish).path("rowsErased").asLong()).isEqualTo(3);
      assertThat(get(store.message(TENANT, "m-old"))).isEmpty();
      assertThat(get(store.message(TENANT, "m-other"))).isPresent();
      assertThat(get(sink.current("30d"))).isEmpty();
      load(store, tier, "m-again", "u-other");
      Erasure later = command("u-other", System.currentTimeMillis());
      assertThat(get(ofSink.erase(later, ErasureTimes.micros(later)))).isPositive();
    }
    assertThat(recovery(CommandRun.done(deployment, "tiers", "list", "--json"))).isEqualTo("null");
  }

  @Test
  void an_instance_that_has_not_read_the_phase_is_named_until_it_expires() {
    TestDeployment deployment = TestDeployment.of("unaware");
    CommandRun.done(deployment, "topics", "apply");
    Map<String, String> kafka = deployment.settings().kafka().clientProperties();
    String topic = deployment.settings().kafka().topics().recoveries();
    announce(kafka, topic, "api-behind", "0");
    RecoveryFeed.Written phase = RecoveryFeed.write(kafka, topic, "30d", RecoveryPhase.LOADING);

    assertThat(RecoveryFeed.notAcknowledged(kafka, topic, phase)).containsExactly("api-behind");
    assertThat(
            RecoveryFeed.notAcknowledged(
                kafka,
                topic,
                new RecoveryFeed.Written(
                    phase.offset(), phase.at() + Duration.ofMinutes(4).toMillis())))
        .isEmpty();
    announce(kafka, topic, "api-behind", Long.toString(phase.offset() + 1));
    assertThat(RecoveryFeed.notAcknowledged(kafka, topic, phase)).isEmpty();

    CommandRun finish = CommandRun.on(deployment, "tiers", "recovery", "finish", "--tier", "15d");
    assertThat(finish.code()).isEqualTo(2);
    assertThat(finish.err()).contains("--tier 15d");
  }

  @Test
  void a_topic_of_recoveries_with_several_partitions_is_refused() throws Exception {
    TestDeployment deployment = TestDeployment.of("partitionsofrecoveries").created();
    DeploymentSettings settings = deployment.settings();
    try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka())) {
      NewPartitions two = NewPartitions.increaseTo(2);
      admin
          .client()
          .createPartitions(Map.of(settings.kafka().topics().recoveries(), two))
          .all()
          .get();
    }

    CommandRun list = CommandRun.on(deployment, "tiers", "list");
    CommandRun doctor = CommandRun.on(deployment, "doctor", "--before-start");

    assertThat(list.code()).as(list.err()).isEqualTo(2);
    assertThat(list.err()).contains("has 2 partitions", "exactly one").hasLineCount(1);
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.out()).containsPattern("fail +topics +.*recoveries: 2 partitions");
  }

  @Test
  void a_tier_that_is_not_in_recovery_cannot_be_finished() {
    TestDeployment deployment = TestDeployment.of("notrecovering");
    CommandRun.done(deployment, "topics", "apply");

    CommandRun finish = CommandRun.on(deployment, "tiers", "recovery", "finish", "--tier", "30d");

    assertThat(finish.code()).isEqualTo(2);
    assertThat(finish.err()).contains("--tier 30d is not in recovery", "tiers recovery start");
  }

  @Test
  void a_restore_is_refused_once_the_recovery_is_being_finished() {
    TestDeployment deployment = TestDeployment.of("finishing");
    CommandRun.done(deployment, "topics", "apply");
    RecoveryFeed.write(
        deployment.settings().kafka().clientProperties(),
        deployment.settings().kafka().topics().recoveries(),
        "30d",
        RecoveryPhase.ERASING);

    CommandRun restore = CommandRun.on(deployment, "restore", "--tier", "30d", "--from", "1h");

    assertThat(restore.code()).isEqualTo(2);
    assertThat(restore.err()).contains("tiers recovery start --tier 30d");
  }

  private static CqlEventStore store(StorageTier tier) throws Exception {
    CqlEventStore store =
        CqlEventStore.open(
            tier.tier(),
            tier.cluster(),
            tenant -> List.of(new ShardVersion(1, 0L)),
            InstantSource.system());
    assertThat(store.awaitReady(Duration.ofSeconds(60))).isTrue();
    return store;
  }

  /** A message of twenty days ago, as loaded from a backup. */
  private static void load(CqlEventStore store, StorageTier tier, String id, String user)
      throws Exception {
    long time = System.currentTimeMillis() - Duration.ofDays(20).toMillis();
    MessageEvent event =
        MessageEvent.newBuilder()
            .setTenant(TENANT)
            .setMessageId(id)
            .setEventId("e-" + id)
            .setUserId(user)
            .setType("message.delivered")
            .setProvider("events")
            .setChannel("WHATSAPP")
            .setDirection(Direction.OUTBOUND)
            .setStatus(Status.DELIVERED)
            .setEventTime(time)
            .setEventTimeSource(EventTimeSource.PROVIDER)
            .setReceivedAt(time)
            .setBody("secret")
            .build();
    MessageRevision message =
        new MessageRevision(TENANT, id, tier.name(), time, time, 1, 1, Facts.of(event));
    TierRecord record =
        new TierRecord(
            TENANT, List.of(new TimelineEntry(event, time, 1)), message, time, null, time, null);
    for (Row row : Rows.of(record, tier.tier())) {
      get(store.write(List.of(row)));
    }
  }

  private static Erasure command(String user, long at) {
    return Erasure.newBuilder()
        .setId("e-" + user)
        .setTenant(TENANT)
        .setUserId(user)
        .setAt(at)
        .build();
  }

  private static void append(TestDeployment deployment, Erasure command) throws Exception {
    String ledger = deployment.settings().kafka().topics().erasures();
    byte[] value = deployment.serdes().value(Erasure.class).serializer().serialize(ledger, command);
    send(deployment.settings().kafka().clientProperties(), ledger, command.getId(), value);
  }

  private static void announce(
      Map<String, String> kafka, String topic, String instance, String position) {
    send(kafka, topic, "instance/" + instance, position.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(Map<String, String> kafka, String topic, String key, byte[] value) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            new HashMap<String, Object>(kafka),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      var unused =
          producer.send(
              new ProducerRecord<>(topic, 0, key.getBytes(StandardCharsets.UTF_8), value));
    }
  }

  private static String recovery(CommandRun list) throws Exception {
    return json(list).path("recovery").asText();
  }

  private static JsonNode json(CommandRun run) throws Exception {
    return JsonMapper.builder().build().readTree(run.out());
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
