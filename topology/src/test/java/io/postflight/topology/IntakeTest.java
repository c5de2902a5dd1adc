package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static io.postflight.topology.DrivenPipeline.header;
import static io.postflight.topology.DrivenPipeline.headers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.topic.DeadLetterHeaders;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.topology.route.StaleTenantsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw webhooks that become events, and those that are dead-lettered. */
class IntakeTest {

  @AutoClose private DrivenPipeline pipeline;

  @BeforeEach
  void open(@TempDir Path dir) {
    pipeline = new DrivenPipeline(dir);
  }

  @Test
  void a_webhook_of_an_unknown_tenant_is_a_dead_letter_with_its_bytes() {
    pipeline.webhook("events", "nobody", NOW, "{\"messageId\":\"m1\",\"status\":\"SENT\"}");

    TestRecord<byte[], byte[]> deadLetter = onlyDeadLetter();
    assertThat(header(deadLetter, DeadLetterHeaders.REASON)).isEqualTo("UNKNOWN_TENANT");
    assertThat(header(deadLetter, DeadLetterHeaders.STAGE)).isEqualTo("normalize");
    assertThat(header(deadLetter, RawHeaders.TENANT)).isEqualTo("nobody");
    assertThat(text(deadLetter)).isEqualTo("{\"messageId\":\"m1\",\"status\":\"SENT\"}");
    assertThat(pipeline.count("postflight.rejections", "reason", "UNKNOWN_TENANT")).isEqualTo(1);
  }

  @Test
  void no_tenant_is_reported_unknown_while_the_gateway_has_newer_tenants() {
    Headers headers = headers("events", "new", NOW);
    DrivenPipeline.add(headers, RawHeaders.TENANTS_VERSION, "4");

    assertThatThrownBy(() -> pipeline.record(headers, bytes("{}")))
        .hasRootCauseInstanceOf(StaleTenantsException.class);
    assertThat(pipeline.deadLetters()).isEmpty();
  }

  @Test
  void a_record_waits_for_a_tenant_that_is_read_after_it() {
    pipeline.tenants.put(TestTenants.tenant("new", "15d"));
    Headers headers = headers("events", "new", NOW);
    DrivenPipeline.add(headers, RawHeaders.TENANTS_VERSION, "4");
    pipeline.record(headers, bytes("{\"messageId\":\"m1\",\"userId\":\"u\",\"status\":\"SENT\"}"));

    assertThat(pipeline.tier("15d")).hasSize(1);
  }

  @Test
  void a_tenant_of_an_unconfigured_tier_does_not_block_others() {
    pipeline.webhook("events", "lost", NOW, "{\"messageId\":\"m1\",\"status\":\"SENT\"}");
    pipeline.status("SENT", NOW, NOW);

    assertThat(header(onlyDeadLetter(), DeadLetterHeaders.DETAIL)).contains("tier '45d'");
    assertThat(pipeline.tier("30d")).hasSize(1);
  }

  @Test
  void valid_entries_are_processed_and_one_dead_letter_lists_the_invalid_ones() {
    String body =
        "[{\"messageId\":\"m1\",\"userId\":\"u1\",\"status\":\"SENT\"},"
            + "{\"messageId\":\"m1\",\"status\":\"in_orbit\"},"
            + "{\"messageId\":\"m2\",\"userId\":\"u2\",\"status\":\"SENT\"},"
            + "7]";
    pipeline.events(NOW, body);

    TestRecord<byte[], byte[]> deadLetter = onlyDeadLetter();
    assertThat(header(deadLetter, DeadLetterHeaders.INDICES)).isEqualTo("1,3");
    assertThat(header(deadLetter, DeadLetterHeaders.REASON)).isEqualTo("UNKNOWN_STATUS");
    assertThat(header(deadLetter, DeadLetterHeaders.REASONS))
        .isEqualTo("UNKNOWN_STATUS,MALFORMED_BODY");
    assertThat(header(deadLetter, DeadLetterHeaders.DETAIL))
        .contains("1: UNKNOWN_STATUS")
        .contains("3: MALFORMED_BODY");
    assertThat(header(deadLetter, DeadLetterHeaders.SOURCE_TOPIC)).isEqualTo("t.raw.webhooks");
    assertThat(header(deadLetter, DeadLetterHeaders.SOURCE_PARTITION)).isEqualTo("0");
    assertThat(header(deadLetter, DeadLetterHeaders.SOURCE_OFFSET)).isEqualTo("0");
    assertThat(header(deadLetter, RawHeaders.RECEIVED_AT)).isEqualTo(Long.toString(NOW));
    assertThat(text(deadLetter)).isEqualTo(body);
    assertThat(pipeline.tier("30d")).hasSize(2);
  }

  @Test
  void of_a_redriven_record_only_the_rejected_entries_are_processed() {
    Headers headers = headers("events", "acme", NOW);
    DrivenPipeline.add(headers, RawHeaders.REDRIVE_INDICES, "1");
    pipeline.record(
        headers,
        bytes(
            "[{\"messageId\":\"m1\",\"userId\":\"u1\",\"status\":\"SENT\"},"
                + "{\"messageId\":\"m2\",\"userId\":\"u2\",\"status\":\"SENT\"}]"));

    assertThat(pipeline.tier("30d"))
        .extracting(r -> message(r).getMessageId())
        .containsExactly("m2");
  }

  @Test
  void bytes_that_are_no_webhook_are_a_dead_letter_of_the_whole_record() {
    byte[] poison = {(byte) 0xff, 0, 1, (byte) 0xfe};
    pipeline.record(headers("events", "acme", NOW), poison);

    TestRecord<byte[], byte[]> deadLetter = onlyDeadLetter();
    assertThat(deadLetter.getValue()).isEqualTo(poison);
    assertThat(header(deadLetter, DeadLetterHeaders.REASON)).isEqualTo("MALFORMED_BODY");
    assertThat(header(deadLetter, DeadLetterHeaders.REASONS)).isNull();
    assertThat(header(deadLetter, DeadLetterHeaders.INDICES)).isNull();
  }

  @Test
  void invalid_headers_are_dead_lettered() {
    Headers headers = headers("events", "acme", NOW);
    DrivenPipeline.add(headers, RawHeaders.RECEIVED_AT, "yesterday");
    pipeline.record(headers, bytes("{}"));
    Headers withoutUsers = headers("events", "acme", NOW);
    withoutUsers.remove(RawHeaders.TENANT);
    pipeline.record(withoutUsers, bytes("{}"));
    pipeline.record(headers("events", "acme", NOW), null);

    assertThat(pipeline.deadLetters())
        .extracting(deadLetter -> header(deadLetter, DeadLetterHeaders.REASON))
        .containsExactly("INTERNAL", "UNKNOWN_TENANT", "MALFORMED_BODY");
  }

  @Test
  void without_a_header_the_arrival_is_the_records_own_time() {
    Headers headers = headers("events", "acme", 0);
    headers.remove(RawHeaders.RECEIVED_AT);
    pipeline.record(headers, bytes("{\"messageId\":\"m1\",\"userId\":\"u1\",\"status\":\"SENT\"}"));

    assertThat(pipeline.events().get(0).getValue().getReceivedAt()).isEqualTo(NOW);
  }

  @Test
  void an_unsupported_webhook_is_counted_and_not_dead_lettered() {
    form("acme", NOW, "AccountSid=AC1&SomeCallback=1");

    assertThat(pipeline.deadLetters()).isEmpty();
    assertThat(pipeline.count("postflight.rejections", "reason", "UNSUPPORTED_EVENT")).isEqualTo(1);
  }

  @Test
  void a_message_of_an_unknown_type_is_counted_and_kept() {
    form("acme", NOW, "MessageSid=SM1&SmsStatus=received&From=%2B34600111222&MessageType=hologram");
    form("acme", NOW, "MessageSid=SM2&SmsStatus=received&From=%2B34600111222&MessageType=text");

    assertThat(pipeline.events()).hasSize(2);
    assertThat(pipeline.count("postflight.unknown.types", "provider", "twilio")).isEqualTo(1);
  }

  private void form(String tenant, long receivedAt, String form) {
    Headers headers = headers("twilio", tenant, receivedAt);
    DrivenPipeline.add(headers, RawHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded");
    pipeline.record(headers, bytes(form));
  }

  private TestRecord<byte[], byte[]> onlyDeadLetter() {
    List<TestRecord<byte[], byte[]>> deadLetters = pipeline.deadLetters();
    assertThat(deadLetters).hasSize(1);
    return deadLetters.get(0);
  }

  private static MessageRevision message(TierRecord record) {
    return Objects.requireNonNull(record.getMessage());
  }

  private static String text(TestRecord<byte[], byte[]> record) {
    return new String(record.getValue(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
