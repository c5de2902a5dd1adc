package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static io.postflight.topology.DrivenPipeline.headers;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.tenant.TierPeriod;
import io.postflight.schema.topic.RawHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostflightTopologyTest {
  private static final long WAIT = Duration.ofDays(3).toMillis();
  private static final long RETAIN = Duration.ofDays(30).toMillis();

  @TempDir Path dir;
  @AutoClose private DrivenPipeline pipeline;

  @BeforeEach
  void open() {
    pipeline = new DrivenPipeline(dir);
  }

  @Test
  void a_webhook_becomes_an_event_with_its_messages_key_and_the_time_of_its_arrival() {
    pipeline.status("SENT", NOW - 9_000, NOW - 1_000);

    TestRecord<String, MessageEvent> event = pipeline.events().get(0);
    assertThat(event.key()).isEqualTo("acme|m1");
    assertThat(event.timestamp()).isEqualTo(NOW - 1_000);
    assertThat(event.getValue().getEventTime()).isEqualTo(NOW - 9_000);
  }

  @Test
  void an_event_is_sent_to_its_tenants_tier_with_everything_the_sink_needs() {
    pipeline.status("SENT", NOW - 9_000, NOW - 1_000);

    TestRecord<String, TierRecord> record = pipeline.tierRecords("30d").get(0);
    TierRecord value = record.getValue();
    assertThat(record.key()).isEqualTo("acme|u1");
    assertThat(value.getArrivedAt()).isEqualTo(NOW - 1_000);
    assertThat(value.getTimeline().get(0).getAnchor()).isEqualTo(NOW - 9_000);
    assertThat(value.getTimeline().get(0).getShards()).isEqualTo(4);
    assertThat(message(value).getRevision()).isEqualTo(1);
    assertThat(message(value).getTier()).isEqualTo("30d");
    assertThat(pipeline.tier("15d")).isEmpty();
  }

  @Test
  void only_completed_revisions_are_sent_to_postflight() {
    pipeline.status("SENT", NOW, NOW);
    assertThat(pipeline.postflight()).isEmpty();

    pipeline.status("DELIVERED", NOW + 1, NOW + 1);
    pipeline.status("READ", NOW + 2, NOW + 2);

    assertThat(pipeline.postflight())
        .extracting(MessageRevision::getRevision)
        .containsExactly(2, 3);
    assertThat(pipeline.count("postflight.completed", "status", "DELIVERED")).isEqualTo(1);
    assertThat(pipeline.count("postflight.completed")).isEqualTo(1);
  }

  @Test
  void statuses_out_of_order_and_late_end_in_the_furthest() {
    pipeline.status("READ", NOW + 3_000, NOW + 3_000);
    pipeline.status("SENT", NOW + 1_000, NOW + 60_000);
    pipeline.status("DELIVERED", NOW + 2_000, NOW + 86_400_000);

    MessageRevision last = last(pipeline.postflight());
    assertThat(MessageStatus.of(last.getFacts())).isEqualTo(MessageStatus.READ);
    assertThat(last.getFacts().getTimes()).containsOnlyKeys("SENT", "DELIVERED", "READ");
    assertThat(last.getListedAt()).isEqualTo(NOW + 3_000);
  }

  @Test
  void statuses_of_one_second_are_all_kept() {
    for (String status : List.of("SENT", "DELIVERED", "READ")) {
      pipeline.status(status, NOW, NOW + 10);
    }

    List<TierRecord> records = pipeline.tier("30d");
    assertThat(records).hasSize(3);
    assertThat(records.stream().map(r -> r.getTimeline().get(0).getEvent().getEventId()))
        .doesNotHaveDuplicates();
    assertThat(MessageStatus.of(message(last(records)).getFacts())).isEqualTo(MessageStatus.READ);
  }

  @Test
  void a_redelivered_webhook_results_in_the_same_rows() {
    pipeline.status("SENT", NOW, NOW + 10);
    pipeline.status("SENT", NOW, NOW + 60_000);

    List<TierRecord> records = pipeline.tier("30d");
    assertThat(records.get(1).getMessage()).isNull();
    assertThat(records.get(1).getTimeline().get(0).getAnchor())
        .isEqualTo(records.get(0).getTimeline().get(0).getAnchor());
    assertThat(pipeline.count("postflight.duplicates")).isEqualTo(1);
  }

  @Test
  void a_redelivered_twilio_form_is_one_event() {
    String form =
        "MessageSid=SM1&MessageStatus=delivered&To=%2B4915100000001&From=%2B4915100000002"
            + "&AccountSid=AC1";
    form("acme", NOW, form);
    form("acme", NOW + 240_000, form);

    List<TierRecord> records = pipeline.tier("30d");
    MessageEvent first = records.get(0).getTimeline().get(0).getEvent();
    MessageEvent second = records.get(1).getTimeline().get(0).getEvent();
    assertThat(second.getEventId()).isEqualTo(first.getEventId());
    assertThat(second.getEventTime()).isEqualTo(first.getEventTime()).isEqualTo(NOW);
    assertThat(second.getUserId()).isEqualTo(first.getUserId());
    assertThat(records.get(1).getTimeline().get(0).getAnchor()).isEqualTo(NOW);
    assertThat(records.get(1).getMessage()).isNull();
  }

  @Test
  void a_date_in_the_future_is_clamped_to_the_arrival() {
    pipeline.status("SENT", NOW + 86_400_000L * 365, NOW);

    MessageEvent event = pipeline.tier("30d").get(0).getTimeline().get(0).getEvent();
    assertThat(event.getEventTime()).isEqualTo(NOW);
    assertThat(event.getEventTimeSource()).isEqualTo(EventTimeSource.CLAMPED);
  }

  @Test
  void failed_and_delivered_are_both_kept() {
    pipeline.status("DELIVERED", NOW, NOW);
    pipeline.status("FAILED", NOW + 1, NOW + 1);

    MessageRevision last = last(pipeline.postflight());
    assertThat(MessageStatus.of(last.getFacts())).isEqualTo(MessageStatus.DELIVERED);
    assertThat(MessageStatus.contradiction(last.getFacts().getTimes())).isTrue();
  }

  @Test
  void an_event_gets_its_row_once_its_user_is_known() {
    pipeline.events(
        NOW, "{\"messageId\":\"m1\",\"status\":\"SENT\",\"eventTime\":%d}".formatted(NOW));
    TestRecord<String, TierRecord> early = pipeline.tierRecords("30d").get(0);
    assertThat(early.key()).isEqualTo("acme|m1");
    assertThat(early.getValue().getTimeline()).isEmpty();

    pipeline.status("DELIVERED", NOW + 5, NOW + 5);

    TestRecord<String, TierRecord> record = pipeline.tierRecords("30d").get(0);
    assertThat(record.key()).isEqualTo("acme|u1");
    assertThat(record.getValue().getTimeline())
        .extracting(entry -> entry.getEvent().getType() + " " + entry.getEvent().getUserId())
        .containsExactly("message.sent u1", "message.delivered u1");
  }

  @Test
  void an_action_is_sent_to_its_users_timeline_with_its_attributes() {
    pipeline.events(
        NOW,
        "{\"userId\":\"u1\",\"type\":\"product_viewed\",\"eventTime\":%d,\"attributes\":{\"sku\":\"7\"}}"
            .formatted(NOW - 5));

    TestRecord<String, TierRecord> record = pipeline.tierRecords("30d").get(0);
    assertThat(record.key()).isEqualTo("acme|u1");
    assertThat(record.getValue().getMessage()).isNull();
    assertThat(record.getValue().getTimeline().get(0).getEvent().getAttributes())
        .containsEntry("sku", "7");
    assertThat(pipeline.lifecycles()).isZero();
  }

  @Test
  void a_message_keeps_the_tier_of_its_first_event_when_its_tenant_moves() {
    pipeline.status("SENT", NOW, NOW);
    pipeline.tenants.put(
        TestTenants.tenant("acme", new TierPeriod("30d", 0L), new TierPeriod("60d", NOW + 1_000)));

    pipeline.status("DELIVERED", NOW + 5_000, NOW + 5_000);
    pipeline.events(NOW + 5_000, "{\"messageId\":\"m2\",\"userId\":\"u1\",\"status\":\"SENT\"}");

    assertThat(pipeline.tier("30d")).hasSize(2);
    assertThat(message(pipeline.tier("60d").get(0)).getMessageId()).isEqualTo("m2");
  }

  @Test
  void a_message_on_an_idle_partition_times_out() {
    pipeline.status("SENT", NOW, NOW);
    pipeline.caughtUp(NOW + WAIT - 1);
    assertThat(pipeline.postflight()).isEmpty();

    pipeline.caughtUp(NOW + WAIT);

    MessageRevision expired = last(pipeline.postflight());
    assertThat(MessageStatus.of(expired.getFacts())).isEqualTo(MessageStatus.UNCONFIRMED);
    assertThat(expired.getListedAt()).isEqualTo(NOW + WAIT);
    TestRecord<String, TierRecord> record = last(pipeline.tierRecords("30d"));
    assertThat(record.key()).isEqualTo("acme|u1");
    assertThat(record.getValue().getArrivedAt()).isEqualTo(NOW + WAIT);
    assertThat(pipeline.count("postflight.completed", "status", "UNCONFIRMED")).isEqualTo(1);
  }

  @Test
  void after_downtime_a_message_whose_event_is_in_the_backlog_does_not_time_out() {
    pipeline.status("SENT", NOW, NOW);
    // After days of downtime the clock is past the deadline, and the backlog is not read yet.
    pipeline.caughtUp(NOW + 60_000);
    assertThat(pipeline.postflight()).isEmpty();

    pipeline.status("DELIVERED", NOW + 120_000, NOW + 120_000);
    pipeline.caughtUp(NOW + WAIT + 1);

    assertThat(pipeline.postflight())
        .extracting(message -> MessageStatus.of(message.getFacts()))
        .containsExactly(MessageStatus.DELIVERED);
  }

  @Test
  void more_messages_than_one_batch_time_out_together() {
    for (int i = 0; i < 300; i++) {
      pipeline.events(
          NOW, "{\"messageId\":\"m%d\",\"userId\":\"u1\",\"status\":\"SENT\"}".formatted(i));
    }

    pipeline.caughtUp(NOW + WAIT);
    pipeline.second();

    assertThat(pipeline.postflight()).hasSize(300);
  }

  @Test
  void the_state_of_a_message_is_deleted_after_its_retention() {
    pipeline.status("DELIVERED", NOW, NOW);

    pipeline.caughtUp(NOW + RETAIN);

    assertThat(pipeline.lifecycles()).isZero();
  }

  @Test
  void a_message_continues_after_a_restart() {
    pipeline.status("SENT", NOW, NOW);
    pipeline = pipeline.restarted(dir.resolve("other"));

    pipeline.status("SENT", NOW, NOW + 5);
    pipeline.status("DELIVERED", NOW + 9, NOW + 9);

    assertThat(last(pipeline.postflight()).getRevision()).isEqualTo(2);
    assertThat(pipeline.count("postflight.duplicates")).isEqualTo(1);
  }

  @Test
  void a_deadline_fires_after_a_restart() {
    pipeline.status("SENT", NOW, NOW);
    pipeline = pipeline.restarted(dir.resolve("other"));

    pipeline.caughtUp(NOW + WAIT);

    assertThat(pipeline.postflight()).hasSize(1);
  }

  private void form(String tenant, long receivedAt, String form) {
    Headers headers = headers("twilio", tenant, receivedAt);
    DrivenPipeline.add(headers, RawHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded");
    pipeline.record(headers, bytes(form));
  }

  private static MessageRevision message(TierRecord record) {
    return Objects.requireNonNull(record.getMessage());
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
