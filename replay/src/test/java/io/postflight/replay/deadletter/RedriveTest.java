package io.postflight.replay.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.LinkRelation;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.RedriveHeaders;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.store.StoreSamples;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Which dead letters are redriven, where and how. */
class RedriveTest {
  private static final long NOW = System.currentTimeMillis();
  private static final byte[] POISON = {0, 0, 0, 0, 99, 1, 2};

  @AutoClose private final DeadLetterFixture box = new DeadLetterFixture("redrive");
  private final List<String> failures = new ArrayList<>();

  @Test
  void a_webhook_keeps_bytes_and_headers_and_is_limited_to_the_rejected_entries() throws Exception {
    DeadLetterId deadLetter = box.deadWebhook(RejectionReason.UNKNOWN_STATUS, "acme", "1,3");

    RedriveReport report = box.redrive();

    assertThat(report).isEqualTo(new RedriveReport(false, 1, 1, 1, 0, 0, 0));
    ConsumerRecord<byte[], byte[]> raw = box.read(box.topics.rawWebhooks()).get(0);
    assertThat(raw.value()).isEqualTo(DeadLetterFixture.bytes("{\"a\":1}"));
    assertThat(raw.key()).isNull();
    DeadLetterRecord before = box.deadLetters().get(0);
    for (String kept :
        List.of(
            RawHeaders.PROVIDER,
            RawHeaders.TENANT,
            RawHeaders.RECEIVED_AT,
            RawHeaders.TENANTS_VERSION,
            RawHeaders.REQUEST_ID)) {
      assertThat(raw.headers().lastHeader(kept).value())
          .as(kept)
          .isEqualTo(before.headers().get(kept));
    }
    assertThat(DeadLetterFixture.header(raw, RawHeaders.REDRIVE_INDICES)).isEqualTo("1,3");
    assertThat(DeadLetterFixture.header(raw, RedriveHeaders.REDRIVEN_FROM))
        .isEqualTo(deadLetter.toString());
    assertThat(DeadLetterFixture.header(raw, RedriveHeaders.REDRIVE_COUNT)).isEqualTo("1");
    assertThat(raw.headers().lastHeader(DeadLetterHeaders.REASON)).isNull();
    assertThat(raw.headers().lastHeader(DeadLetterHeaders.SOURCE_TOPIC)).isNull();
    // Otherwise the topic's retention would count from the first arrival.
    assertThat(raw.timestamp()).isGreaterThanOrEqualTo(NOW);
  }

  @Test
  void an_event_keeps_its_key_and_its_arrival() throws Exception {
    long arrival = NOW - Duration.ofDays(3).toMillis();
    byte[] event = box.bytes(DeadLetterFixture.event("m1", "u1", arrival));
    box.deadEvent("acme|m1", event, 0);
    box.deadEvent("acme|m2", POISON, arrival - 5);

    assertThat(box.redrive().redriven()).isEqualTo(2);

    assertThat(box.read(box.topics.events()))
        .hasSize(2)
        .anySatisfy(
            record -> {
              assertThat(record.key()).isEqualTo(DeadLetterFixture.bytes("acme|m1"));
              assertThat(record.value()).isEqualTo(event);
              assertThat(record.timestamp()).isEqualTo(arrival);
            })
        .anySatisfy(
            record -> {
              assertThat(record.key()).isEqualTo(DeadLetterFixture.bytes("acme|m2"));
              assertThat(record.value()).isEqualTo(POISON);
              assertThat(record.timestamp()).isEqualTo(arrival - 5);
            });
  }

  @Test
  void rows_are_redriven_to_their_tier_and_a_forged_topic_is_ignored() throws Exception {
    byte[] rows = box.bytes(DeadLetterFixture.rowsOf(DeadLetterFixture.event("m1", "u1", NOW)));
    box.deadRows("acme|u1", rows, box.topics.store(DeadLetterFixture.TIER));
    box.deadRows("acme|u2", rows, box.topics.tenants());
    box.deadRows("acme|u3", rows, box.topics.store("90d"));

    RedriveReport report = redrive(RedriveSettings.ALL);

    assertThat(report).isEqualTo(new RedriveReport(false, 3, 3, 1, 0, 0, 2));
    assertThat(failures).hasSize(2).allMatch(why -> why.contains("is not a topic"));
    List<ConsumerRecord<byte[], byte[]>> back = box.read(box.topics.store(DeadLetterFixture.TIER));
    assertThat(back).hasSize(1);
    assertThat(back.get(0).key()).isEqualTo(DeadLetterFixture.bytes("acme|u1"));
    assertThat(back.get(0).value()).isEqualTo(rows);
    assertThat(box.read(box.topics.tenants())).isEmpty();
  }

  @Test
  void erased_dead_letters_are_skipped_and_redacted_fields_removed() throws Exception {
    String store = box.topics.store(DeadLetterFixture.TIER);
    box.deadRows(
        "acme|u1",
        box.bytes(DeadLetterFixture.rowsOf(DeadLetterFixture.event("gone", "u1", NOW))),
        store);
    box.deadRows(
        "acme|u2",
        box.bytes(DeadLetterFixture.rowsOf(DeadLetterFixture.event("old", "u2", NOW))),
        store);
    MessageEvent redacted = DeadLetterFixture.event("silent", "u3", NOW);
    box.deadRows("acme|u3", box.bytes(DeadLetterFixture.rowsOf(redacted)), store);
    box.deadRows("acme|u4", POISON, store);
    box.deadRows("acme|gone", POISON, store);
    box.deadEvent("acme|gone", box.bytes(DeadLetterFixture.event("gone", "u1", NOW)), NOW);
    box.deadEvent("acme|gone", POISON, NOW);
    box.deadEvent("acme|m9", box.bytes(DeadLetterFixture.event("m9", "u2", NOW + 1)), NOW);
    box.erase("gone", null, List.of(), NOW);
    box.erase(null, "u2", List.of(), NOW);
    box.erase("silent", null, List.of("body"), NOW);

    RedriveReport report = redrive(RedriveSettings.ALL);

    assertThat(report).isEqualTo(new RedriveReport(false, 8, 8, 2, 5, 0, 1));
    assertThat(failures).singleElement().asString().contains("cannot be decoded");
    assertThat(box.read(store))
        .singleElement()
        .satisfies(
            record -> {
              TierRecord left = box.rows(record.value());
              assertThat(left.getTimeline()).hasSize(1);
              assertThat(left.getMessage().getFacts().getRedacted()).containsExactly("body");
              assertThat(Facts.texts(left.getMessage().getFacts())).doesNotContainKey("body");
            });
    assertThat(box.read(box.topics.events()))
        .singleElement()
        .satisfies(event -> assertThat(event.key()).isEqualTo(DeadLetterFixture.bytes("acme|m9")));
  }

  @Test
  void an_event_is_redriven_without_redacted_fields() throws Exception {
    MessageEvent event =
        MessageEvent.newBuilder(DeadLetterFixture.event("silent", "u3", NOW))
            .setBody("s3cret")
            .setSender("kept")
            .build();
    box.deadEvent("acme|silent", box.bytes(event), NOW);
    box.erase("silent", null, List.of("body"), NOW);

    redrive(RedriveSettings.ALL);

    assertThat(box.read(box.topics.events()))
        .singleElement()
        .satisfies(
            record ->
                assertThat(new String(record.value(), StandardCharsets.UTF_8))
                    .contains("kept")
                    .doesNotContain("s3cret"));
  }

  @Test
  void links_that_name_an_erased_id_are_skipped() throws Exception {
    String store = box.topics.store(DeadLetterFixture.TIER);
    AliasLink link = new AliasLink("u2", LinkRelation.SAME, NOW - 5, NOW - 5, null);
    byte[] kept = box.bytes(StoreSamples.identity("acme", "u3", NOW - 5, link));
    box.deadRows("acme|u3", kept, store);
    box.deadRows("acme|u1", box.bytes(StoreSamples.identity("acme", "u1", NOW - 5, link)), store);
    AliasLink erased = new AliasLink("u1", LinkRelation.SAME, NOW - 5, NOW - 5, null);
    box.deadRows("acme|u2", box.bytes(StoreSamples.identity("acme", "u2", NOW - 5, erased)), store);
    box.erase(null, "u1", List.of(), NOW);

    assertThat(redrive(RedriveSettings.ALL)).isEqualTo(new RedriveReport(false, 3, 3, 1, 2, 0, 0));

    assertThat(box.read(store))
        .singleElement()
        .satisfies(record -> assertThat(record.value()).isEqualTo(kept));
  }

  @Test
  void a_command_appended_during_a_batch_still_applies() throws Exception {
    String store = box.topics.store(DeadLetterFixture.TIER);
    box.deadRows(
        "acme|u1",
        box.bytes(DeadLetterFixture.rowsOf(DeadLetterFixture.event("m1", "u1", NOW))),
        store);
    box.deadRows(
        "acme|u2",
        box.bytes(DeadLetterFixture.rowsOf(DeadLetterFixture.event("m2", "u2", NOW))),
        store);
    FaultyProducer producer =
        new FaultyProducer().onceAfter("flush", () -> box.erase("m1", null, List.of(), NOW));

    RedriveReport report =
        new Redrive(
                box.context,
                RedriveSettings.ALL,
                InstantSource.system(),
                RedriveListener.SILENT,
                producer)
            .run();

    assertThat(report).isEqualTo(new RedriveReport(false, 2, 2, 1, 1, 0, 0));
    assertThat(box.read(store))
        .singleElement()
        .satisfies(
            record -> assertThat(record.key()).isEqualTo(DeadLetterFixture.bytes("acme|u2")));
  }

  @Test
  void dead_letters_older_than_the_retention_of_events_are_not_redriven() throws Exception {
    long old = NOW - Duration.ofDays(31).toMillis();
    box.deadEvent("acme|m1", box.bytes(DeadLetterFixture.event("m1", "u1", old)), old);
    box.deadEvent("acme|m2", box.bytes(DeadLetterFixture.event("m2", "u1", NOW)), NOW);

    RedriveReport report = redrive(RedriveSettings.ALL);

    assertThat(report).isEqualTo(new RedriveReport(false, 2, 2, 1, 0, 0, 1));
    assertThat(failures).singleElement().asString().contains("744 h ago", "720 h");
  }

  @Test
  void a_record_that_kafka_rejects_does_not_affect_others() throws Exception {
    String store = box.topics.store(DeadLetterFixture.TIER);
    MessageEvent large =
        DeadLetterFixture.event("large", "u1", NOW, "x".repeat(4 * 1024 * 1024 + 100));
    TierRecord record =
        new TierRecord(
            "acme", List.of(new TimelineEntry(large, NOW, 1)), null, NOW, null, NOW, null);
    for (int i = 0; i < 3; i++) {
      box.deadRows(
          "acme|v" + i,
          box.bytes(DeadLetterFixture.rowsOf(DeadLetterFixture.event("s" + i, "v" + i, NOW))),
          store);
    }
    box.deadRows("acme|u1", box.bytes(record), store);

    RedriveReport report = redrive(RedriveSettings.ALL);

    assertThat(report).isEqualTo(new RedriveReport(false, 4, 4, 3, 0, 0, 1));
    assertThat(failures).singleElement().asString().contains("Kafka rejected it");
    assertThat(box.read(store)).hasSize(3);
    assertThat(box.redrive()).isEqualTo(new RedriveReport(false, 4, 4, 0, 0, 3, 1));
  }

  @Test
  void a_dead_letter_is_redriven_once_unless_requested_again() throws Exception {
    box.deadWebhook(RejectionReason.INTERNAL, "acme", null);
    box.deadWebhook(RejectionReason.INTERNAL, "globex", null);

    RedriveReport dry = box.redrive(RedriveSettings.ALL.asDryRun());
    RedriveReport first = box.redrive(RedriveSettings.ALL.with(tenant("acme")));
    RedriveReport second = box.redrive();
    RedriveReport third = box.redrive();
    RedriveReport again = box.redrive(RedriveSettings.ALL.onceMore());

    assertThat(dry).isEqualTo(new RedriveReport(true, 2, 2, 2, 0, 0, 0));
    assertThat(first).isEqualTo(new RedriveReport(false, 2, 1, 1, 0, 0, 0));
    assertThat(second).isEqualTo(new RedriveReport(false, 2, 2, 1, 0, 1, 0));
    assertThat(third).isEqualTo(new RedriveReport(false, 2, 2, 0, 0, 2, 0));
    assertThat(again.redriven()).isEqualTo(2);
    assertThat(box.read(box.topics.rawWebhooks())).hasSize(4);
  }

  @Test
  void a_dead_letter_that_a_crash_repeated_is_redriven_and_listed_once() throws Exception {
    DeadLetterId first = box.deadWebhook(RejectionReason.UNKNOWN_STATUS, "acme", "1");
    box.deadWebhook(RejectionReason.UNKNOWN_STATUS, "acme", "1");
    box.repeated(first);

    assertThat(listed()).isEqualTo(List.of(false, false));
    assertThat(box.redrive()).isEqualTo(new RedriveReport(false, 3, 2, 2, 0, 0, 0));
    assertThat(listed()).isEqualTo(List.of(true, true));

    box.repeated(first);

    assertThat(listed()).isEqualTo(List.of(true, true));
    assertThat(box.redrive()).isEqualTo(new RedriveReport(false, 4, 2, 0, 0, 2, 0));
    assertThat(box.read(box.topics.rawWebhooks())).hasSize(2);
  }

  @Test
  void other_entries_of_a_source_record_are_another_dead_letter() throws Exception {
    DeadLetterId first = box.deadWebhook(RejectionReason.UNKNOWN_STATUS, "acme", "1,3");
    box.repeated(first, "1");

    assertThat(box.redrive().redriven()).isEqualTo(2);
  }

  @Test
  void the_rate_limit_is_respected() throws Exception {
    for (int i = 0; i < 6; i++) {
      box.deadWebhook(RejectionReason.INTERNAL, "acme", null);
    }
    long begun = System.nanoTime();

    box.redrive(RedriveSettings.ALL.withRate(3));

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1_900));
    assertThat(box.read(box.topics.rawWebhooks())).hasSize(6);
  }

  @Test
  void a_crash_before_the_commit_leaves_everything_to_the_next_run() throws Exception {
    for (int i = 0; i < 5; i++) {
      box.deadWebhook(RejectionReason.INTERNAL, "acme", null);
    }
    FaultyProducer crashing = new FaultyProducer().crashingBefore("commitTransaction");

    assertThatThrownBy(() -> redrive(crashing)).isInstanceOf(FaultyProducer.Crash.class);
    RedriveReport next = box.redrive();

    assertThat(next).isEqualTo(new RedriveReport(false, 5, 5, 5, 0, 0, 0));
    assertThat(box.read(box.topics.rawWebhooks())).hasSize(5);
    crashing.deadLetter();
  }

  @Test
  void a_crash_after_the_commit_leaves_nothing_to_the_next_run() throws Exception {
    for (int i = 0; i < 5; i++) {
      box.deadWebhook(RejectionReason.INTERNAL, "acme", null);
    }
    FaultyProducer crashing = new FaultyProducer().crashingAfter("commitTransaction");

    assertThatThrownBy(() -> redrive(crashing)).isInstanceOf(FaultyProducer.Crash.class);
    RedriveReport next = box.redrive();

    assertThat(next).isEqualTo(new RedriveReport(false, 5, 5, 0, 0, 5, 0));
    assertThat(box.read(box.topics.rawWebhooks())).hasSize(5);
    crashing.deadLetter();
  }

  @Test
  void of_two_concurrent_runs_the_first_is_fenced_and_nothing_is_sent_twice() throws Exception {
    for (int i = 0; i < 5; i++) {
      box.deadWebhook(RejectionReason.INTERNAL, "acme", null);
    }
    List<RedriveReport> later = new ArrayList<>();
    FaultyProducer slow = new FaultyProducer().onceAfter("flush", () -> later.add(box.redrive()));

    assertThatThrownBy(() -> redrive(slow)).isInstanceOf(RedriveTakenOverException.class);

    assertThat(later).containsExactly(new RedriveReport(false, 5, 5, 5, 0, 0, 0));
    assertThat(box.read(box.topics.rawWebhooks())).hasSize(5);
  }

  /** Of each dead letter that is listed: whether it has been redriven. */
  private List<Boolean> listed() throws InterruptedException {
    List<Boolean> redriven = new ArrayList<>();
    box.read(box.topics.redrivenDeadLetters()); // once no transaction is open
    new DeadLetterTopic(box.context)
        .read(
            DeadLetterFilter.ALL,
            0,
            Long.MAX_VALUE,
            read -> {},
            each -> redriven.add(each.redriven()));
    return redriven;
  }

  private static DeadLetterFilter tenant(String tenant) {
    return new DeadLetterFilter(Set.of(), null, tenant, null);
  }

  private void redrive(FaultyProducer producer) throws InterruptedException {
    new Redrive(
            box.context,
            RedriveSettings.ALL,
            InstantSource.system(),
            RedriveListener.SILENT,
            producer)
        .run();
  }

  private RedriveReport redrive(RedriveSettings settings) throws InterruptedException {
    RedriveListener listener =
        new RedriveListener() {
          @Override
          public void at(long done, long total) {
            assertThat(done).isLessThanOrEqualTo(total);
          }

          @Override
          public void failed(DeadLetterId deadLetter, String why) {
            failures.add(deadLetter + " " + why);
          }
        };
    return new Redrive(box.context, settings, InstantSource.system(), listener).run();
  }
}
