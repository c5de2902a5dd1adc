package io.postflight.operations.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.operations.OperationException;
import io.postflight.operations.normalize.RecordedWebhooks.Compared;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.RedriveHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The present adapters against events that older ones made, on a real broker. */
class NormalizeReplayTest {
  private static final long DAY = Duration.ofDays(1).toMillis();

  private final long now = System.currentTimeMillis();
  private final RecordedWebhooks recorded = new RecordedWebhooks();

  @AfterEach
  void stop() {
    recorded.close();
  }

  @Test
  void events_that_are_new_changed_or_gone_are_reported_and_nothing_is_written() throws Exception {
    RawReference webhook = batch();
    recorded.normalized(NormalizeReplayTest::older);
    int before = recorded.events().size();

    Compared found = recorded.compare(request(now - DAY, false));

    List<JsonNode> lines = found.lines().stream().map(NormalizeReplayTest::json).toList();
    assertThat(lines)
        .extracting(
            line ->
                line.path("difference").asText()
                    + ' '
                    + line.path("messageId").asText()
                    + ' '
                    + line.path("raw").path("index"))
        .containsExactly("changed m1 0", "new m2 1", "gone m3-older 2");
    assertThat(lines.get(0).toString())
        .startsWith("{\"difference\":\"changed\",\"provider\":\"events\",\"tenant\":\"acme\",")
        .endsWith(
            "\"raw\":{\"partition\":%d,\"offset\":%d,\"index\":0},"
                    .formatted(webhook.getPartition(), webhook.getOffset())
                + "\"changes\":[{\"field\":\"attributes.fileName\",\"then\":null,\"now\":\"a.pdf\"},"
                + "{\"field\":\"body\",\"then\":\"HELLO\",\"now\":\"hello\"}]}");
    assertThat(lines.get(1).path("event").path("status").asText()).isEqualTo("DELIVERED");
    assertThat(found.report()).isEqualTo(report(1, 3, 1, 1, 1, 0));
    assertThat(found.report().clean()).isFalse();
    assertThat(recorded.events()).hasSize(before);
  }

  @Test
  void apply_appends_the_records_of_the_normalizer_and_a_second_run_finds_only_what_is_gone()
      throws Exception {
    batch();
    recorded.normalized(NormalizeReplayTest::older);
    int before = recorded.events().size();

    Compared applied = recorded.compare(request(now - DAY, true));
    Compared again = recorded.compare(request(now - DAY, true));

    assertThat(applied.report().applied()).isEqualTo(2);
    List<ConsumerRecord<byte[], byte[]>> all = recorded.events();
    assertThat(all).hasSize(before + 2);
    List<ConsumerRecord<byte[], byte[]>> appended =
        all.stream().filter(record -> header(record, RawHeaders.TENANTS_VERSION) != null).toList();
    assertThat(appended)
        .hasSize(2)
        .allSatisfy(
            record -> {
              MessageEvent event = recorded.decoded(record);
              assertThat(new String(record.key(), StandardCharsets.UTF_8))
                  .isEqualTo("acme|" + event.getMessageId());
              assertThat(record.timestamp()).isEqualTo(event.getReceivedAt());
              assertThat(header(record, RawHeaders.TENANTS_VERSION)).isEqualTo("1");
            });
    assertThat(again.lines()).extracting(EventDifferenceLine::difference).containsExactly("gone");
    assertThat(again.report().applied()).isZero();
    assertThat(again.report().clean()).isFalse();
  }

  @Test
  void webhooks_of_other_providers_tenants_and_times_are_not_compared() throws Exception {
    recorded.tenant("globex");
    recorded.webhook("events", "acme", now - 3 * DAY, delivered("early"));
    recorded.webhook("events", "acme", now - 2 * DAY, delivered("within"));
    recorded.webhook("events", "globex", now - 2 * DAY, delivered("foreign"));
    recorded.webhook("standard", "acme", now - 2 * DAY, delivered("other"));
    recorded.webhook("events", "acme", now - DAY, delivered("late"));
    recorded.normalized(event -> List.of());
    long from = now - 5 * DAY / 2;
    long to = now - 3 * DAY / 2;

    Compared ofOneTenant =
        recorded.compare(new NormalizeReplayRequest("events", "acme", from, to, false));
    Compared ofAll = recorded.compare(new NormalizeReplayRequest("events", null, from, to, true));

    assertThat(messages(ofOneTenant)).containsExactly("within");
    assertThat(messages(ofAll)).containsExactlyInAnyOrder("within", "foreign");
    assertThat(recorded.events())
        .extracting(record -> recorded.decoded(record).getMessageId())
        .containsExactlyInAnyOrder("within", "foreign");
  }

  @Test
  void of_repeated_events_the_last_one_counts() throws Exception {
    recorded.webhook("events", "acme", now - DAY, delivered("m"));
    recorded.normalized(
        event -> List.of(event, MessageEvent.newBuilder(event).setBody("older").build(), event));

    assertThat(recorded.compare(request(now - 2 * DAY, false)).report())
        .isEqualTo(report(1, 1, 0, 0, 0, 0));
  }

  @Test
  void a_webhook_that_the_provider_repeated_is_compared_by_itself() throws Exception {
    recorded.webhook("events", "acme", now - 2 * DAY, delivered("m"));
    recorded.normalized(List::of);
    recorded.webhook("events", "acme", now - DAY, delivered("m"));
    recorded.normalized(event -> List.of());

    Compared found = recorded.compare(request(now - 3 * DAY, false));

    assertThat(found.lines())
        .singleElement()
        .satisfies(line -> assertThat(line.difference()).isEqualTo("new"));
    assertThat(found.report().events()).isEqualTo(2);
  }

  @Test
  void an_entry_that_was_redriven_is_no_difference() throws Exception {
    String body = '[' + delivered("m1") + ',' + delivered("m2") + ']';
    recorded.webhook("events", "acme", now - 2 * DAY, body);
    recorded.normalized(event -> event.getMessageId().equals("m1") ? List.of(event) : List.of());
    recorded.webhook(
        "events",
        "acme",
        now - 2 * DAY,
        now,
        body,
        Map.of(RawHeaders.REDRIVE_INDICES, "1", RedriveHeaders.REDRIVE_COUNT, "1"));
    recorded.normalized(List::of);

    assertThat(recorded.compare(request(now - 3 * DAY, false)).report())
        .isEqualTo(report(2, 2, 0, 0, 0, 0));
    assertThat(recorded.compare(request(now - DAY, false)).report())
        .as("only the redriven webhook")
        .isEqualTo(report(1, 1, 0, 0, 0, 0));
  }

  @Test
  void webhooks_that_are_not_normalized_yet_are_left_out() throws Exception {
    recorded.webhook("events", "acme", now - DAY, delivered("m"));

    NormalizeReplayReport report = recorded.compare(request(now - 2 * DAY, true)).report();

    assertThat(report.notNormalized()).isEqualTo(1);
    assertThat(report.records() + report.applied()).isZero();
  }

  @Test
  void erased_data_absent_tenants_old_and_deleted_webhooks_are_counted_and_left_out()
      throws Exception {
    recorded.webhook("events", "acme", now - DAY, delivered("erased"));
    recorded.webhook("events", "removed", now - DAY, delivered("m"));
    recorded.webhook("events", "acme", now - 31 * DAY, now - DAY, delivered("old"), Map.of());
    recorded.normalized(event -> event.getTenant().equals("removed") ? List.of(event) : List.of());
    recorded.erased(
        Erasure.newBuilder()
            .setId("e-1")
            .setTenant("acme")
            .setMessageId("erased")
            .setAt(now)
            .build());

    NormalizeReplayReport report = recorded.compare(request(now - 2 * DAY, true)).report();
    recorded.deleteWebhooks();
    NormalizeReplayReport later = recorded.compare(request(now - 2 * DAY, true)).report();

    assertThat(report).isEqualTo(new NormalizeReplayReport(3, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0));
    assertThat(report.clean()).isTrue();
    assertThat(later).isEqualTo(new NormalizeReplayReport(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0));
  }

  @Test
  void redacted_fields_are_neither_reported_nor_applied() throws Exception {
    batch();
    recorded.normalized(NormalizeReplayTest::older);
    recorded.erased(redaction("m1", "body", "attributes"));
    recorded.erased(redaction("m3-older", "recipient"));
    Compared same = recorded.compare(request(now - DAY, false));
    recorded.webhook(
        "events",
        "acme",
        now - DAY / 4,
        "{\"messageId\":\"m4\",\"userId\":\"u\",\"status\":\"SENT\",\"recipient\":\"r4cipient\","
            + "\"sender\":\"kept\",\"attributes\":{\"fileName\":\"s3cret.pdf\"}}");
    recorded.normalized(event -> List.of());
    recorded.erased(redaction("m4", "attributes", "recipient"));

    Compared applied = recorded.compare(request(now - DAY / 3, true));

    assertThat(messages(same))
        .as("m1 differs in redacted fields")
        .containsExactly("m2", "m3-older");
    assertThat(json(applied.lines().get(0)).toString())
        .contains("kept")
        .doesNotContain("r4cipient", "s3cret");
    List<ConsumerRecord<byte[], byte[]>> all = recorded.events();
    MessageEvent appended = recorded.decoded(all.get(all.size() - 1));
    assertThat(appended.getMessageId()).isEqualTo("m4");
    assertThat(appended.getSender()).isEqualTo("kept");
    assertThat(appended.getRecipient()).isNull();
    assertThat(appended.getAttributes()).isEmpty();
    assertThat(recorded.compare(request(now - DAY / 3, true)).report().clean()).isTrue();
  }

  private Erasure redaction(String message, String... fields) {
    return Erasure.newBuilder()
        .setId("e-" + message)
        .setTenant("acme")
        .setMessageId(message)
        .setFields(List.of(fields))
        .setAt(now)
        .build();
  }

  @Test
  void entries_that_the_present_adapters_reject_are_counted() throws Exception {
    recorded.webhook(
        "events",
        "acme",
        now - DAY,
        '[' + delivered("m") + ",{\"messageId\":\"x\",\"status\":\"in_orbit\"}]");
    recorded.normalized(List::of);

    assertThat(recorded.compare(request(now - 2 * DAY, false)).report())
        .isEqualTo(report(1, 1, 0, 0, 0, 1));
  }

  @Test
  void a_tenant_that_does_not_exist_is_named() {
    OperationException refused =
        catchThrowableOfType(
            OperationException.class,
            () ->
                recorded.compare(
                    new NormalizeReplayRequest("events", "nobody", 0, Long.MAX_VALUE, false)));

    assertThat(refused).hasMessageContaining("nobody");
    assertThat(refused.kind()).isEqualTo(OperationException.FailureKind.USAGE);
  }

  @Test
  void a_range_that_begins_in_the_future_is_refused() {
    OperationException refused =
        catchThrowableOfType(
            OperationException.class, () -> recorded.compare(request(now + DAY, false)));

    assertThat(refused).hasMessageContaining("--from is 2").hasMessageContaining("in the future");
    assertThat(refused.kind()).isEqualTo(OperationException.FailureKind.USAGE);
  }

  private RawReference batch() throws Exception {
    return recorded.webhook(
        "events",
        "acme",
        now - DAY / 2,
        "[{\"messageId\":\"m1\",\"userId\":\"u\",\"status\":\"RECEIVED\",\"body\":\"hello\","
            + "\"attributes\":{\"fileName\":\"a.pdf\"}},"
            + delivered("m2")
            + ','
            + delivered("m3")
            + ']');
  }

  /** An adapter that knew no files, no m2, and made two events of m3. */
  private static List<MessageEvent> older(MessageEvent event) {
    return switch (String.valueOf(event.getMessageId())) {
      case "m1" -> {
        Map<String, String> attributes = new HashMap<>(event.getAttributes());
        attributes.remove("fileName");
        yield List.of(
            MessageEvent.newBuilder(event).setAttributes(attributes).setBody("HELLO").build());
      }
      case "m2" -> List.of();
      default ->
          List.of(
              event,
              MessageEvent.newBuilder(event)
                  .setMessageId("m3-older")
                  .setEventId("older")
                  .setStatus(Status.SENT)
                  .build());
    };
  }

  private static String delivered(String messageId) {
    return "{\"messageId\":\"%s\",\"userId\":\"u\",\"status\":\"DELIVERED\",\"eventId\":\"e\"}"
        .formatted(messageId);
  }

  private static NormalizeReplayRequest request(long from, boolean apply) {
    return new NormalizeReplayRequest("events", null, from, Long.MAX_VALUE, apply);
  }

  /** A report in which nothing was left out or applied. */
  private static NormalizeReplayReport report(
      long records, long events, long added, long changed, long gone, long rejected) {
    return new NormalizeReplayReport(
        records, events, added, changed, gone, rejected, 0, 0, 0, 0, 0, 0, 0);
  }

  private static List<String> messages(Compared compared) {
    return compared.lines().stream().map(EventDifferenceLine::messageId).toList();
  }

  private static JsonNode json(EventDifferenceLine line) {
    return JsonMapper.builder().build().valueToTree(line);
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }
}
