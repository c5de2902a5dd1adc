package io.postflight.replay.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.postflight.devstack.junit.SharedServers;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.RedriveHeaders;
import io.postflight.sink.SinkSettings;
import io.postflight.sink.TierSink;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.memory.InMemoryEventStore;
import io.postflight.topology.PostflightTopology;
import io.postflight.topology.TopologyRole;
import io.postflight.topology.TopologySettings;
import io.postflight.topology.TopologyStreamsSettings;
import io.postflight.topology.normalize.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From a dead-lettered webhook to stored rows, through the real topology and sink. */
class RedriveEndToEndTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Tier TIER = Tier.of(DeadLetterFixture.TIER, Duration.ofDays(30));

  private final DeadLetterFixture box = new DeadLetterFixture("redrive_e2e");
  private final FixedTenants tenants = FixedTenants.of(tenant("acme"));
  private final InMemoryEventStore store = new InMemoryEventStore(TIER, InstantSource.system());
  private final Serde<TierRecord> serde = box.serdes.value(TierRecord.class);
  private TopologyRole topology;
  private TierSink sink;

  @BeforeEach
  void start() throws InterruptedException {
    sink =
        TierSink.start(
            SinkSettings.of(
                TIER,
                new SinkSettings.Source(
                    box.topics.store(TIER.name()),
                    box.topics.deadLetters(),
                    box.topics.prefix() + "sink"),
                SharedServers.newDirectory("sink"),
                SharedServers.kafka().bootstrapServers()),
            store,
            serde.deserializer(),
            new SimpleMeterRegistry());
    topology =
        TopologyRole.start(
            TopologySettings.of(
                    box.topics,
                    Set.of(DeadLetterFixture.TIER),
                    TopologyStreamsSettings.of(SharedServers.newDirectory("streams"))
                        .withTiming(Duration.ofMillis(100), Duration.ofSeconds(6)),
                    box.kafka)
                .withCaughtUpInterval(Duration.ofMillis(200)),
            new PostflightTopology.Services(
                tenants, box.serdes, Normalizer.ofAllProviders(), new SimpleMeterRegistry()),
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    topology.close();
    sink.close(Duration.ofSeconds(2));
    serde.close();
    store.close();
    box.close();
  }

  @Test
  void events_that_arrived_before_their_tenant_are_stored_once_with_their_first_arrival()
      throws Exception {
    long arrival = System.currentTimeMillis() - Duration.ofHours(5).toMillis();
    box.webhook("latecomer", arrival, status("m1", "DELIVERED"));
    awaitDeadLetters(1);
    assertThat(reason(0)).isEqualTo("UNKNOWN_TENANT");

    tenants.put(tenant("latecomer"));
    RedriveReport first = box.redrive();
    long redriven = System.currentTimeMillis();
    MessageRevision message = awaitMessage("latecomer", "m1");

    assertThat(first.redriven()).isEqualTo(1);
    assertThat(message.getCreatedAt()).isEqualTo(arrival);
    assertThat(box.read(box.topics.events()))
        .singleElement()
        .satisfies(
            event ->
                assertThat(DeadLetterFixture.header(event, RedriveHeaders.REDRIVE_COUNT))
                    .isEqualTo("1"));
    assertThat(box.redrive()).isEqualTo(new RedriveReport(false, 1, 1, 0, 0, 1, 0));
    // Transaction markers of a redrive in raw.webhooks do not delay deadlines.
    await().atMost(SOON).until(() -> topology.caughtUpAsOf() > redriven);

    List<String> messages = store.rows(Table.MESSAGE);
    List<String> timeline = store.rows(Table.TIMELINE);
    assertThat(timeline).hasSize(1);
    assertThat(box.redrive(RedriveSettings.ALL.onceMore()).redriven()).isEqualTo(1);
    awaitIdle();
    assertThat(store.rows(Table.MESSAGE)).isEqualTo(messages);
    assertThat(store.rows(Table.TIMELINE)).isEqualTo(timeline);
    assertThat(box.deadLetters()).hasSize(1);
  }

  @Test
  void an_entry_that_fails_again_is_one_new_dead_letter_and_other_entries_are_not_processed()
      throws Exception {
    long arrival = System.currentTimeMillis() - 60_000;
    box.webhook(
        "acme", arrival, '[' + status("good", "SENT") + ',' + status("bad", "IN_ORBIT") + ']');
    awaitDeadLetters(1);
    assertThat(box.deadLetters().get(0).indices()).isEqualTo("1");

    assertThat(box.redrive().redriven()).isEqualTo(1);
    awaitDeadLetters(2);
    DeadLetterRecord again = box.deadLetters().get(1);

    assertThat(again.indices()).isEqualTo("1");
    assertThat(again.redriveCount()).isEqualTo(1);
    assertThat(again.redrivenFrom()).isEqualTo(box.deadLetters().get(0).id().toString());
    assertThat(again.receivedAt()).isEqualTo(arrival);
    assertThat(again.value()).isEqualTo(box.deadLetters().get(0).value());
    assertThat(box.redrive()).isEqualTo(new RedriveReport(false, 2, 2, 1, 0, 1, 0));
    awaitDeadLetters(3);
    assertThat(box.deadLetters().get(2).redriveCount()).isEqualTo(2);
    assertThat(box.read(box.topics.events())).hasSize(1);
    awaitMessage("acme", "good");
  }

  @Test
  void a_killed_redrive_neither_loses_nor_duplicates_rows() throws Exception {
    for (int i = 0; i < 20; i++) {
      box.webhook("latecomer", System.currentTimeMillis(), status("m" + i, "READ"));
    }
    awaitDeadLetters(20);
    tenants.put(tenant("latecomer"));
    FaultyProducer crashing = new FaultyProducer().crashingBefore("commitTransaction");
    try {
      new Redrive(
              box.context,
              RedriveSettings.ALL,
              InstantSource.system(),
              RedriveListener.SILENT,
              crashing)
          .run();
    } catch (FaultyProducer.Crash killed) {
      assertThat(store.rows(Table.MESSAGE)).isEmpty();
    }

    assertThat(box.redrive().redriven()).isEqualTo(20);
    for (int i = 0; i < 20; i++) {
      awaitMessage("latecomer", "m" + i);
    }

    awaitIdle();
    assertThat(box.read(box.topics.events())).hasSize(20);
    assertThat(store.rows(Table.MESSAGE)).hasSize(20);
    assertThat(store.rows(Table.TIMELINE)).hasSize(20);
    crashing.deadLetter();
  }

  /** What {@code normalize --replay --apply} does once an adapter is fixed. */
  @Test
  void an_event_that_is_appended_again_adds_what_is_missing_and_keeps_the_smaller_value()
      throws Exception {
    long at = System.currentTimeMillis();
    MessageEvent older = DeadLetterFixture.event("m", "u", at, null);
    box.append(
        MessageEvent.newBuilder(older)
            .setAttributes(Map.of("kept", "a", "replaced", "z", "removed", "r"))
            .build());
    awaitMessage("acme", "m");

    box.append(
        MessageEvent.newBuilder(older)
            .setBody("text")
            .setAttributes(Map.of("kept", "b", "replaced", "y", "added", "x"))
            .setUserId("v")
            .build());
    awaitIdle();
    MessageRevision message = awaitMessage("acme", "m");

    Map<String, String> attributes =
        Map.of("kept", "a", "replaced", "y", "removed", "r", "added", "x");
    assertThat(Facts.attributes(message.getFacts())).isEqualTo(attributes);
    assertThat(Facts.text(message.getFacts(), Facts.BODY)).isEqualTo("text");
    assertThat(Facts.text(message.getFacts(), Facts.USER_ID)).isEqualTo("u");
    assertThat(message.getRevision()).isEqualTo(2);
    assertThat(store.rows(Table.TIMELINE))
        .as("with the former user, and with the present one")
        .hasSize(2);
  }

  private void awaitDeadLetters(int count) {
    await().atMost(SOON).untilAsserted(() -> assertThat(box.deadLetters()).hasSize(count));
  }

  private String reason(int deadLetter) {
    byte[] reason = box.deadLetters().get(deadLetter).headers().get(DeadLetterHeaders.REASON);
    return new String(reason, java.nio.charset.StandardCharsets.UTF_8);
  }

  private MessageRevision awaitMessage(String tenant, String id) {
    return await()
        .atMost(SOON)
        .until(() -> store.message(tenant, id).toCompletableFuture().join(), Optional::isPresent)
        .orElseThrow();
  }

  /** Waits until everything that has arrived is processed and written. */
  private void awaitIdle() {
    long now = System.currentTimeMillis();
    await()
        .atMost(SOON)
        .until(
            () ->
                topology.caughtUpAsOf() > now
                    && sink.status().lagRecords() == 0
                    && sink.status().rowsInFlight() == 0);
  }

  private static String status(String messageId, String status) {
    return "{\"messageId\":\"%s\",\"userId\":\"u-%s\",\"status\":\"%s\",\"eventTime\":%d}"
        .formatted(messageId, messageId, status, System.currentTimeMillis());
  }

  private static Tenant tenant(String id) {
    return new Tenant(
        id,
        List.of(new TierPeriod(DeadLetterFixture.TIER, 0L)),
        List.of(new ShardVersion(4, 0L)),
        List.of(new ShardVersion(2, 0L)),
        List.of(),
        Map.of());
  }
}
