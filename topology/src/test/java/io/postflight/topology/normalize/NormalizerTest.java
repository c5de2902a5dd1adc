package io.postflight.topology.normalize;

import static io.postflight.topology.normalize.Webhooks.RECEIVED_AT;
import static io.postflight.topology.normalize.Webhooks.bytes;
import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.outcomes;
import static io.postflight.topology.normalize.Webhooks.rejection;
import static io.postflight.topology.normalize.Webhooks.whatsAppStatus;
import static io.postflight.topology.normalize.Webhooks.whatsAppStatuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.adapter.Entries;
import io.postflight.topology.adapter.Payload;
import io.postflight.topology.adapter.ProviderAdapter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizerTest {
  private static RawWebhook status(String timestamp) {
    return json("whatsapp", whatsAppStatuses(whatsAppStatus("m1", "sent", timestamp)));
  }

  @Test
  void an_unknown_provider_is_rejected() {
    assertThat(rejection(json("pigeon", "{}")).reason())
        .isEqualTo(RejectionReason.UNKNOWN_PROVIDER);
  }

  @Test
  void two_adapters_of_one_provider_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Normalizer(List.of(new Failing(), new Failing())))
        .withMessageContaining("'failing'");
  }

  @Test
  void the_same_bytes_have_the_same_event_ids() {
    RawWebhook webhook = Webhooks.fixture("whatsapp", "whatsapp-lifecycle.json");

    assertThat(events(webhook))
        .extracting(MessageEvent::getEventId)
        .isEqualTo(events(webhook).stream().map(MessageEvent::getEventId).toList())
        .allMatch(id -> id.matches("[A-Za-z0-9_-]{22}"))
        .doesNotHaveDuplicates();
  }

  @Test
  void event_ids_are_stable() {
    // Ids are stored: another algorithm would make every redelivered event a new one.
    assertThat(event(status("1760700001")).getEventId()).isEqualTo("UAWYpT5bgDZSYPkzc5J1Pw");
  }

  @Test
  void an_event_references_its_raw_record_and_index() {
    RawWebhook webhook =
        new RawWebhook(
            "whatsapp",
            "acme",
            RECEIVED_AT,
            whatsAppStatuses(
                    whatsAppStatus("m1", "sent", "1760700001")
                        + ","
                        + whatsAppStatus("m2", "sent", "1760700001"))
                .getBytes(StandardCharsets.UTF_8),
            null,
            false,
            new RawReference(3, 77L, 0));

    assertThat(events(webhook))
        .extracting(MessageEvent::getRaw)
        .containsExactly(new RawReference(3, 77L, 0), new RawReference(3, 77L, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"whatsapp", "wasender", "twilio", "events"})
  void bytes_that_are_not_utf_8_are_malformed(String provider) {
    byte[] body = "{\"a\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    body[6] = (byte) 0xC3;

    assertThat(rejection(bytes(provider, body)))
        .isEqualTo(
            new Outcome.Rejected(
                0, RejectionReason.MALFORMED_BODY, "the body is not valid UTF-8 at byte 6"));
  }

  @Test
  void a_byte_order_mark_is_ignored() {
    byte[] plain = status("1760700001").body();
    byte[] marked = new byte[plain.length + 3];
    marked[0] = (byte) 0xEF;
    marked[1] = (byte) 0xBB;
    marked[2] = (byte) 0xBF;
    System.arraycopy(plain, 0, marked, 3, plain.length);

    assertThat(events(bytes("whatsapp", marked))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"whatsapp", "wasender", "twilio", "events"})
  void an_empty_body_is_malformed(String provider) {
    assertThat(rejection(json(provider, "")).reason()).isEqualTo(RejectionReason.MALFORMED_BODY);
  }

  @Test
  void a_truncated_body_is_rejected_as_a_whole() {
    String whole = whatsAppStatuses(whatsAppStatus("m1", "sent", "1760700001"));

    for (int end = 1; end < whole.length(); end++) {
      assertThat(rejection(json("whatsapp", whole.substring(0, end))))
          .as("cut at %d", end)
          .extracting(Outcome.Rejected::reason, Outcome.Rejected::index)
          .containsExactly(RejectionReason.MALFORMED_BODY, 0);
    }
  }

  @Test
  void the_detail_of_a_broken_body_does_not_quote_it() {
    assertThat(rejection(json("whatsapp", "{\"entry\": secretword")).detail())
        .doesNotContain("secretword");
  }

  @Test
  void a_body_above_four_mebibytes_is_too_large() {
    assertThat(rejection(bytes("whatsapp", new byte[4 * 1024 * 1024 + 1])).reason())
        .isEqualTo(RejectionReason.TOO_LARGE);
  }

  @Test
  void a_body_with_too_many_entries_is_rejected_as_a_whole() {
    assertThat(rejection(json("events", "[" + "1,".repeat(20_000) + "1]")).reason())
        .isEqualTo(RejectionReason.TOO_LARGE);
  }

  @Test
  void a_thousand_statuses_of_one_webhook_are_all_returned() {
    List<String> statuses = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      statuses.add(whatsAppStatus("m" + i, "sent", "1760700001"));
    }

    assertThat(events(json("whatsapp", whatsAppStatuses(String.join(",", statuses)))))
        .hasSize(1000)
        .extracting(MessageEvent::getEventId)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"whatsapp", "wasender", "twilio", "events"})
  @Timeout(10)
  void deep_nesting_is_malformed_and_quick(String provider) {
    assertThat(rejection(json(provider, "[".repeat(1_000_000))).reason())
        .isEqualTo(RejectionReason.MALFORMED_BODY);
    assertThat(rejection(json(provider, "{\"event\":".repeat(300_000))).reason())
        .isEqualTo(RejectionReason.MALFORMED_BODY);
  }

  @Test
  @Timeout(10)
  void a_huge_text_invalidates_its_own_entry_only() {
    String huge = "{\"messageId\":\"m\",\"status\":\"SENT\",\"body\":\"%s\"}";
    List<Outcome> outcomes =
        outcomes(
            json(
                "events",
                "["
                    + huge.formatted("ok")
                    + ","
                    + huge.formatted("x".repeat(3_000_000))
                    + ","
                    + huge.formatted("fine")
                    + "]"));

    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Accepted.class);
    assertThat(outcomes.get(1))
        .isInstanceOfSatisfying(
            Outcome.Rejected.class,
            bad -> assertThat(bad.reason()).isEqualTo(RejectionReason.TOO_LARGE));
    assertThat(outcomes.get(2)).isInstanceOf(Outcome.Accepted.class);
  }

  @Test
  void the_limit_of_an_event_counts_bytes() {
    String event = "{\"messageId\":\"m\",\"status\":\"SENT\",\"body\":\"%s\"}";

    assertThat(events(json("events", event.formatted("x".repeat(255_000))))).hasSize(1);
    assertThat(rejection(json("events", event.formatted("ü".repeat(140_000)))).reason())
        .isEqualTo(RejectionReason.TOO_LARGE);
  }

  @Test
  void attributes_above_64_kib_are_too_large() {
    assertThat(events(json("events", actionWithAttributes(16)))).hasSize(1);
    Outcome.Rejected rejected = rejection(json("events", actionWithAttributes(17)));
    assertThat(rejected.reason()).isEqualTo(RejectionReason.TOO_LARGE);
    assertThat(rejected.detail()).contains("attributes", "65536");
  }

  private static String actionWithAttributes(int count) {
    String attributes =
        IntStream.range(0, count)
            .mapToObj(i -> "\"a%d\":\"%s\"".formatted(i, "x".repeat(4_000)))
            .collect(Collectors.joining(","));
    return "{\"userId\":\"u\",\"type\":\"t\",\"attributes\":{" + attributes + "}}";
  }

  @ParameterizedTest
  @CsvSource({"512, true", "513, false"})
  void an_id_has_at_most_512_characters(int length, boolean taken) {
    Outcome outcome =
        outcomes(
                json(
                    "whatsapp",
                    whatsAppStatuses(whatsAppStatus("i".repeat(length), "sent", "1760700001"))))
            .get(0);

    assertThat(outcome instanceof Outcome.Accepted).isEqualTo(taken);
    if (outcome instanceof Outcome.Rejected bad) {
      assertThat(bad.reason()).isEqualTo(RejectionReason.TOO_LARGE);
      assertThat(bad.detail()).isEqualTo("message id has 513 characters; allowed: at most 512");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\u0000b", "a\\nb", "\\u007f", "a\\ud800b", "\\udc00"})
  void an_id_that_would_break_others_is_malformed(String id) {
    assertThat(
            rejection(json("whatsapp", whatsAppStatuses(whatsAppStatus(id, "sent", "1760700001"))))
                .reason())
        .isEqualTo(RejectionReason.MALFORMED_BODY);
    assertThat(
            rejection(
                    json(
                        "events",
                        "{\"messageId\":\"m\",\"status\":\"SENT\",\"userId\":\"" + id + "\"}"))
                .reason())
        .isEqualTo(RejectionReason.MALFORMED_BODY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+15551112222", "+1 (555) 111-2222", "15551112222"})
  void a_phone_number_is_one_user_whoever_sends_it(String user) {
    String action = "{\"userId\":\"%s\",\"type\":\"page_viewed\"}".formatted(user);
    String message = "{\"messageId\":\"m\",\"status\":\"SENT\",\"userId\":\"%s\"}".formatted(user);

    assertThat(event(json("events", action)).getUserId()).isEqualTo("15551112222");
    assertThat(event(json("events", message)).getUserId()).isEqualTo("15551112222");
    assertThat(event(json("events", action)).getEventId())
        .as("one event, however its user is written")
        .isEqualTo(event(json("events", action.replace(user, "15551112222"))).getEventId());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\\t"})
  void a_blank_id_counts_as_absent(String id) {
    assertThat(
            rejection(json("whatsapp", whatsAppStatuses(whatsAppStatus(id, "sent", "1760700001"))))
                .reason())
        .isEqualTo(RejectionReason.MISSING_MESSAGE_ID);
  }

  @Test
  void an_unpaired_surrogate_in_a_text_is_replaced() {
    MessageEvent event =
        event(
            json(
                "events",
                "{\"messageId\":\"m😀\",\"status\":\"SENT\",\"body\":\"a\\ud800b\\ud83d\\ude00\","
                    + "\"attributes\":{\"k\":\"\\udc00\"}}"));

    assertThat(event.getMessageId()).isEqualTo("m😀");
    assertThat(event.getBody()).isEqualTo("a\uFFFDb😀");
    assertThat(event.getAttributes()).containsEntry("k", "\uFFFD");
  }

  @Test
  void long_provider_texts_are_truncated_and_the_status_is_kept() {
    MessageEvent event =
        event(
            json(
                "whatsapp",
                whatsAppStatuses(
                    "{\"id\":\"m\",\"status\":\"sent\",\"biz_opaque_callback_data\":\""
                        + "y".repeat(10_000)
                        + "\"}")));

    assertThat(event.getAttributes().get("bizOpaqueCallbackData")).hasSize(4096).endsWith("…");
  }

  @Test
  void an_unknown_status_is_shown_without_control_characters() {
    assertThat(
            rejection(
                    json(
                        "whatsapp",
                        whatsAppStatuses(whatsAppStatus("m", "a\\r\\nb\\ud800", "1760700001"))))
                .detail())
        .isEqualTo("status 'a  b\uFFFD' of whatsapp is not known");
  }

  @Test
  void a_fault_of_an_adapter_is_internal_and_discloses_nothing() {
    Normalizer normalizer = new Normalizer(List.of(new Failing()));

    assertThat(normalizer.normalize(json("failing", "{}")))
        .containsExactly(
            new Outcome.Rejected(
                0,
                RejectionReason.INTERNAL,
                "the adapter failed with java.lang.IllegalStateException"));
  }

  @Test
  void a_negative_arrival_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RawWebhook.of("p", "t", -1, new byte[0]))
        .withMessageContaining("receivedAt is -1");
  }

  @Test
  @Timeout(10)
  void four_mebibytes_of_small_values_are_read_quickly() {
    String leaf = "\"some.name\":{\"a\":{\"b\":{\"c\":[1,2,3]}}},";
    String body = "{\"event\":\"x\",\"data\":{" + leaf.repeat(95_000) + "\"z\":1}}";

    assertThat(outcomes(json("wasender", body))).hasSize(1);
  }

  private static final class Failing implements ProviderAdapter {
    @Override
    public String provider() {
      return "failing";
    }

    @Override
    public void read(Payload payload, Entries entries) {
      throw new IllegalStateException("with the body's data");
    }
  }
}
