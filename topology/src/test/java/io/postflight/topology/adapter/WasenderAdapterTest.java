package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.outcomes;
import static io.postflight.topology.normalize.Webhooks.rejection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WasenderAdapterTest {
  @ParameterizedTest
  @CsvSource({
    "0, FAILED",
    "1, SENDING",
    "2, SENT",
    "3, DELIVERED",
    "4, READ",
    "5, PLAYED",
    "'\"SERVER_ACK\"', SENT",
    "'\"DELIVERY_ACK\"', DELIVERED",
    "'\"READ\"', READ",
    "'\"ERROR\"', FAILED"
  })
  void numeric_and_textual_statuses_are_mapped(String word, Status status) {
    MessageEvent event =
        event(
            json(
                "wasender",
                "{\"event\":\"messages.update\",\"timestamp\":1760700001,\"data\":{"
                    + "\"key\":{\"id\":\"3EB0\",\"remoteJid\":\"34600111222@s.whatsapp.net\"},"
                    + "\"update\":{\"status\":"
                    + word
                    + "}}}"));

    assertThat(event.getStatus()).isEqualTo(status);
    assertThat(event.getUserId()).isEqualTo("34600111222");
    assertThat(event.getRecipient()).isEqualTo("34600111222@s.whatsapp.net");
    assertThat(event.getEventTime()).isEqualTo(1760700001000L);
  }

  @ParameterizedTest
  @CsvSource({"1760700001, 1760700001000", "1760700001467, 1760700001467"})
  void seconds_and_milliseconds_are_distinguished(String time, long millis) {
    assertThat(event(sent("\"timestamp\":" + time)).getEventTime()).isEqualTo(millis);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"timestamp\":1760700001000000",
        "\"timestamp\":[2025,10]",
        "\"timestamp\":\"soon at 12\""
      })
  void a_time_that_is_none_is_rejected(String time) {
    assertThat(rejection(sent(time)).detail()).startsWith("timestamp is not a time");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"low\":1760700001,\"high\":0,\"unsigned\":true}", "{\"low\":1760700001}"})
  void a_time_of_64_bits_in_two_halves_is_read(String time) {
    String receipt = "\"receipt\":{\"readTimestamp\":" + time + "}";
    String update = "\"status\":\"READ\",\"messageTimestamp\":" + time;
    String data = "{\"event\":\"%s\",\"data\":{\"keyId\":\"m\",%s}}";

    assertThat(event(json("wasender", data.formatted("messages.update", update))).getEventTime())
        .isEqualTo(1760700001000L);
    assertThat(
            event(json("wasender", data.formatted("message-receipt.update", receipt)))
                .getEventTime())
        .isEqualTo(1760700001000L);
  }

  @Test
  void without_a_time_the_arrival_is_used() {
    assertThat(event(sent("\"x\":1")).getEventTimeSource()).isEqualTo(EventTimeSource.ARRIVAL);
  }

  private static RawWebhook sent(String field) {
    return json(
        "wasender",
        "{\"data\":{\"key\":{\"id\":\"m1\",\"remoteJid\":\"+34600111222\",\"fromMe\":true},"
            + "\"message\":{\"conversation\":\"hello\"},\"success\":true},"
            + field
            + ",\"event\":\"message.sent\"}");
  }

  @Test
  void a_sent_message_has_its_text() {
    MessageEvent sent = event(sent("\"timestamp\":1760700001"));

    assertThat(sent.getStatus()).isEqualTo(Status.SENT);
    assertThat(sent.getBody()).isEqualTo("hello");
    assertThat(sent.getUserId()).isEqualTo("34600111222");
    assertThat(sent.getDirection()).isEqualTo(Direction.OUTBOUND);
  }

  @Test
  void a_receipt_is_an_event_of_delivery_and_of_reading_per_participant() {
    List<MessageEvent> receipts =
        events(
            json(
                "wasender",
                "{\"event\":\"message-receipt.update\",\"data\":[{\"key\":{\"id\":\"g1\","
                    + "\"remoteJid\":\"12345@g.us\"},\"receipt\":{"
                    + "\"userJid\":\"34600111222:7@s.whatsapp.net\","
                    + "\"receiptTimestamp\":1760700001,\"readTimestamp\":1760700009}},"
                    + "{\"key\":{\"id\":\"g1\",\"remoteJid\":\"12345@g.us\"},\"receipt\":{"
                    + "\"userJid\":\"34600111333@s.whatsapp.net\","
                    + "\"receiptTimestamp\":1760700001}}]}"));

    assertThat(receipts)
        .extracting(MessageEvent::getStatus, MessageEvent::getUserId, MessageEvent::getEventTime)
        .containsExactly(
            tuple(Status.DELIVERED, "34600111222", 1760700001000L),
            tuple(Status.READ, "34600111222", 1760700009000L),
            tuple(Status.DELIVERED, "34600111333", 1760700001000L));
    assertThat(receipts).extracting(MessageEvent::getEventId).doesNotHaveDuplicates();
  }

  @Test
  void an_inbound_message_is_received_from_its_sender() {
    MessageEvent message =
        event(
            json(
                "wasender",
                "{\"event\":\"messages.upsert\",\"timestamp\":1760700001,\"data\":{\"messages\":[{"
                    + "\"key\":{\"id\":\"m7\",\"fromMe\":false,\"remoteJid\":\"99@lid\","
                    + "\"cleanedSenderPn\":\"34600111222\"},\"pushName\":\"Ada\",\"message\":{"
                    + "\"imageMessage\":{\"caption\":\"look\",\"mimetype\":\"image/jpeg\","
                    + "\"jpegThumbnail\":{\"0\":255,\"1\":216}}}}]}}"));

    assertThat(message.getStatus()).isEqualTo(Status.RECEIVED);
    assertThat(message.getDirection()).isEqualTo(Direction.INBOUND);
    assertThat(message.getUserId()).isEqualTo("34600111222");
    assertThat(message.getSender()).isEqualTo("99@lid");
    assertThat(message.getBody()).isEqualTo("look");
    assertThat(message.getAttributes())
        .containsEntry("messageType", "image")
        .containsEntry("mimeType", "image/jpeg")
        .containsEntry("profileName", "Ada");
  }

  @Test
  void a_hidden_address_without_a_number_is_the_user() {
    MessageEvent read =
        event(
            json(
                "wasender",
                "{\"event\":\"messages.update\",\"data\":{\"keyId\":\"m\",\"status\":\"READ\","
                    + "\"remoteJid\":\"200417000000777@lid\"}}"));

    assertThat(read.getUserId()).isEqualTo("200417000000777@lid");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "key":{"id":5.5}                               | key.id
          "key":{"id":"m","remoteJid":true}              | key.remoteJid
          "key":{"id":"m","remoteJid":"1@g.us","participant":1.5} | key.participant
          "key":{"id":"m","remoteJid":"9@lid","fromMe":false,"senderPn":1e30} | key.senderPn
          """)
  void an_id_that_is_neither_a_text_nor_a_whole_number_is_rejected(String ids, String named) {
    String body = "{\"event\":\"messages.update\",\"data\":{\"status\":3," + ids + "}}";

    assertThat(rejection(json("wasender", body)).detail())
        .isEqualTo("'" + named + "' is neither a string nor a whole number");
  }

  @ParameterizedTest
  @CsvSource({"session.status", "qrcode.updated", "CONTACTS_UPSERT"})
  void events_that_do_not_concern_a_message_are_unsupported(String event) {
    assertThat(
            rejection(json("wasender", "{\"event\":\"" + event + "\",\"data\":{\"a\":1}}"))
                .reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_EVENT);
  }

  @Test
  void an_invalid_element_among_valid_ones_is_rejected_alone() {
    List<Outcome> outcomes =
        outcomes(
            json(
                "wasender",
                "{\"event\":\"messages.update\",\"data\":[{\"keyId\":\"a\",\"status\":3},9,"
                    + "{\"status\":3},{\"keyId\":\"b\",\"status\":77}]}"));

    assertThat(outcomes)
        .extracting(
            outcome -> outcome instanceof Outcome.Rejected bad ? bad.reason().name() : "event")
        .containsExactly("event", "MALFORMED_BODY", "MISSING_MESSAGE_ID", "UNKNOWN_STATUS");
  }

  @Test
  void a_body_without_an_event_is_malformed() {
    assertThat(rejection(json("wasender", "{\"data\":{}}")).reason())
        .isEqualTo(RejectionReason.MALFORMED_BODY);
  }

  @ParameterizedTest
  @CsvSource({"10, false", "490, true"})
  void paths_are_limited_in_total(int chars, boolean rejected) {
    String fields =
        IntStream.range(0, 30_000)
            .mapToObj(i -> "\"b%d\":1".formatted(i))
            .collect(Collectors.joining(","));
    String body =
        "{\"event\":\"messages.update\",\"data\":{\"keyId\":\"m\",\"status\":\"READ\",\"%s\":{%s}}}"
            .formatted("n".repeat(chars), fields);

    if (rejected) {
      assertThat(rejection(json("wasender", body)).reason()).isEqualTo(RejectionReason.TOO_LARGE);
    } else {
      assertThat(event(json("wasender", body)).getStatus()).isEqualTo(Status.READ);
    }
  }
}
