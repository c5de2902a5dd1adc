package io.postflight.topology.adapter;

import static io.postflight.topology.adapter.ProviderBodies.assertTime;
import static io.postflight.topology.normalize.Webhooks.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VonageAdapterTest {
  private static final ProviderBodies VONAGE = new ProviderBodies("vonage");

  @ParameterizedTest
  @CsvSource({
    "submitted, SENT",
    "delivered, DELIVERED",
    "read, READ",
    "rejected, FAILED",
    "undeliverable, FAILED"
  })
  void each_status_of_the_messages_api_maps_to_a_canonical_status(String word, Status status) {
    String body = "{\"message_uuid\":\"u-1\",\"status\":\"" + word + "\"}";

    assertThat(event(VONAGE.json(body)).getStatus()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "accepted, SENT",
    "buffered, SENT",
    "delivered, DELIVERED",
    "expired, EXPIRED",
    "failed, FAILED",
    "rejected, FAILED",
    "deleted, FAILED",
    "unknown, ANNOTATION"
  })
  void each_status_of_the_sms_api_maps_to_a_canonical_status(String word, Status status) {
    String receipt = "msisdn=34600111222&messageId=0C1&status=" + word;

    assertThat(event(VONAGE.form(receipt)).getStatus()).isEqualTo(status);
    assertThat(event(VONAGE.query(receipt)).getStatus()).isEqualTo(status);
  }

  @Test
  void a_message_status_has_channel_user_price_and_error() {
    MessageEvent rejected =
        event(
            VONAGE.json(
                """
                {"message_uuid":"u-1","to":"34600111222","from":"34900000001","channel":"whatsapp",
                 "timestamp":"2026-03-01T08:00:00.250Z","status":"rejected",
                 "error":{"type":"https://x/#1000","title":1000,"detail":"Throttled"},
                 "usage":{"currency":"eur","price":"0.0333"},"client_ref":"order 7",
                 "profile":{"username":"ana"}}"""));

    assertThat(rejected.getChannel()).isEqualTo("WHATSAPP");
    assertThat(rejected.getUserId()).isEqualTo("34600111222");
    assertThat(rejected.getError()).isEqualTo(new EventError("1000", null, "Throttled"));
    assertThat(rejected.getPrice()).isEqualTo(new Price("0.0333", "EUR", null, null));
    assertThat(rejected.getAttributes())
        .containsEntry("clientRef", "order 7")
        .containsEntry("username", "ana");
    assertTime(rejected, "2026-03-01T08:00:00.250Z");
  }

  @Test
  void an_empty_object_states_no_time() {
    String body = "{\"message_uuid\":\"u-1\",\"status\":\"delivered\",\"timestamp\":{}}";

    assertThat(event(VONAGE.json(body)).getEventTimeSource()).isEqualTo(EventTimeSource.ARRIVAL);
  }

  @Test
  void a_user_without_a_number_has_the_business_scoped_id() {
    String body =
        "{\"message_uuid\":\"u-1\",\"status\":\"read\",\"channel\":\"whatsapp\","
            + "\"whatsapp\":{\"recipient\":{\"user_id\":\"US.1\"}}}";

    assertThat(event(VONAGE.json(body)).getUserId()).isEqualTo("US.1");
  }

  @Test
  void a_delivery_receipt_names_the_user_by_msisdn() {
    MessageEvent receipt =
        event(
            VONAGE.query(
                "msisdn=34600111222&to=ACME&messageId=0C1&status=failed&err-code=6&price=0.00845000"
                    + "&message-timestamp=2026-03-01+08%3A00%3A00&client-ref=a%26b"));

    assertThat(receipt.getUserId()).isEqualTo("34600111222");
    assertThat(receipt.getSender()).isEqualTo("ACME");
    assertThat(receipt.getRecipient()).isEqualTo("34600111222");
    assertThat(receipt.getError()).isEqualTo(new EventError("6", null, null));
    assertThat(receipt.getAttributes()).containsEntry("clientRef", "a&b");
    assertTime(receipt, "2026-03-01T08:00:00Z");
  }

  @Test
  void a_delivery_receipt_may_be_json() {
    String body =
        "{\"msisdn\":\"34600111222\",\"messageId\":\"0C1\",\"status\":\"delivered\","
            + "\"err-code\":\"0\",\"message-timestamp\":\"2026-03-01 08:00:00\"}";

    assertThat(event(VONAGE.json(body)).getStatus()).isEqualTo(Status.DELIVERED);
    assertThat(event(VONAGE.json(body)).getError()).isNull();
    assertTime(event(VONAGE.json(body)), "2026-03-01T08:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "file, document",
    "reply, button",
    "vcard, contacts",
    "contact, contacts",
    "audio, audio",
    "order, order",
    "hologram, hologram"
  })
  void the_type_of_a_message_has_the_name_of_all_providers(String word, String type) {
    String body =
        "{\"message_uuid\":\"u\",\"from\":\"34600111222\",\"message_type\":\"" + word + "\"}";

    assertThat(event(VONAGE.json(body)).getAttributes()).containsEntry("messageType", type);
  }

  @Test
  void the_id_beside_the_number_is_one_of_the_same_person() {
    String status =
        """
        {"message_uuid":"u-1","to":"34600111222","channel":"whatsapp","status":"read",
         "whatsapp":{"recipient":{"user_id":"ES.1"}}}""";
    MessageEvent withoutNumber = event(VONAGE.json(status.replace("\"to\":\"34600111222\",", "")));

    assertThat(event(VONAGE.json(status)).getUserId()).isEqualTo("34600111222");
    assertThat(event(VONAGE.json(status)).getAliases()).containsExactly("ES.1");
    assertThat(withoutNumber.getUserId()).isEqualTo("ES.1");
    assertThat(withoutNumber.getAliases()).isEmpty();
  }

  @Test
  void inbound_messages_of_both_apis_are_received() {
    MessageEvent message =
        event(
            VONAGE.json(
                """
                {"message_uuid":"u-2","from":"34600111222","to":"34900000001","channel":"whatsapp",
                 "timestamp":"2026-03-01T08:00:00Z","message_type":"image","profile":{"name":"Ana"},
                 "image":{"url":"https://x/i.jpg","caption":"Look"},
                 "context":{"message_uuid":"u-1"}}"""));
    MessageEvent sms =
        event(
            VONAGE.form(
                "msisdn=34600111222&to=34900000001&messageId=0D2&text=Hola&type=text&keyword=HOLA"));

    assertThat(message.getDirection()).isEqualTo(Direction.INBOUND);
    assertThat(message.getUserId()).isEqualTo("34600111222");
    assertThat(message.getBody()).isEqualTo("Look");
    assertThat(message.getAttributes())
        .containsEntry("messageType", "image")
        .containsEntry("mediaUrl", "https://x/i.jpg")
        .containsEntry("replyTo", "u-1")
        .containsEntry("profileName", "Ana");
    assertThat(sms.getStatus()).isEqualTo(Status.RECEIVED);
    assertThat(sms.getUserId()).isEqualTo("34600111222");
    assertThat(sms.getBody()).isEqualTo("Hola");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"message_uuid":"u","status":"orbiting"}                 | UNKNOWN_STATUS
          {"status":"delivered"}                                   | MISSING_MESSAGE_ID
          {"message_uuid":"u"}                                     | MALFORMED_BODY
          {"message_uuid":"u","status":["read"]}                   | MALFORMED_BODY
          {"message_uuid":1.5,"status":"read"}                     | MALFORMED_BODY
          {"message_uuid":true,"status":"read"}                    | MALFORMED_BODY
          {"message_uuid":"u","status":"read","timestamp":[1]}     | MALFORMED_BODY
          {"message_uuid":"u","status":"read","timestamp":"soon"}  | MALFORMED_BODY
          {"message_uuid":"u","status":"read","timestamp":true}    | MALFORMED_BODY
          {"message_uuid":"u","status":"read","timestamp":1772352000000000} | MALFORMED_BODY
          {"message_uuid":"u","status":"read"                      | MALFORMED_BODY
          {"conversation_uuid":"c","uuid":"call"}                  | UNSUPPORTED_EVENT
          7                                                        | MALFORMED_BODY
          """)
  void other_bodies_are_rejected(String body, RejectionReason reason) {
    VONAGE.assertRejected(VONAGE.json(body), reason);
  }

  @ParameterizedTest
  @CsvSource({
    "messageId=1&status=huh, UNKNOWN_STATUS",
    "msisdn=1&status=failed, MISSING_MESSAGE_ID",
    "msisdn=1&messageId=1, MALFORMED_BODY",
    "hello, MALFORMED_BODY",
    "messageId=1&status=delivered&message-timestamp=soon, MALFORMED_BODY"
  })
  void other_forms_are_rejected(String form, RejectionReason reason) {
    VONAGE.assertRejected(VONAGE.form(form), reason);
    VONAGE.assertRejected(VONAGE.query(form), reason);
  }

  @Test
  void numbers_are_read_in_any_form_of_json() {
    String body = "{\"message_uuid\":77,\"status\":\"read\",\"timestamp\":1.772352e9}";

    assertThat(event(VONAGE.json(body)).getMessageId()).isEqualTo("77");
    assertTime(event(VONAGE.json(body)), "2026-03-01T08:00:00Z");
  }
}
