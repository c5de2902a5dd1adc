package io.postflight.topology.adapter;

import static io.postflight.topology.adapter.ProviderBodies.assertTime;
import static io.postflight.topology.normalize.Webhooks.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageBirdAdapterTest {
  private static final ProviderBodies BIRD = new ProviderBodies("messagebird");

  @ParameterizedTest
  @CsvSource({
    "scheduled, ACCEPTED",
    "sent, SENT",
    "buffered, SENT",
    "delivered, DELIVERED",
    "expired, EXPIRED",
    "delivery_failed, FAILED"
  })
  void each_status_of_text_messages_maps_to_a_canonical_status(String word, Status status) {
    String report = "id=i&recipient=34600111222&status=" + word;

    assertThat(event(BIRD.query(report)).getStatus()).isEqualTo(status);
    assertThat(event(BIRD.form(report)).getStatus()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "accepted, ACCEPTED",
    "pending, QUEUED",
    "sent, SENT",
    "transmitted, SENT",
    "delivered, DELIVERED",
    "read, READ",
    "failed, FAILED",
    "rejected, FAILED",
    "received, RECEIVED",
    "deleted, ANNOTATION"
  })
  void each_status_of_conversations_maps_to_a_canonical_status(String word, Status status) {
    String body =
        "{\"type\":\"message.updated\",\"message\":{\"id\":\"m\",\"status\":\"" + word + "\"}}";

    assertThat(event(BIRD.json(body)).getStatus()).isEqualTo(status);
  }

  @Test
  void a_report_has_time_price_and_error() {
    MessageEvent failed =
        event(
            BIRD.query(
                "id=i&reference=order%207&recipient=34600111222&status=delivery_failed&mccmnc=21401"
                    + "&statusDatetime=2026-03-01T09%3A00%3A00%2B01%3A00&statusReason=unknown+subscriber"
                    + "&statusErrorCode=103&price%5Bamount%5D=0.021&price%5Bcurrency%5D=EUR"));

    assertThat(failed.getUserId()).isEqualTo("34600111222");
    assertThat(failed.getError()).isEqualTo(new EventError("103", "unknown subscriber", null));
    assertThat(failed.getPrice()).isEqualTo(new Price("0.021", "EUR", null, null));
    assertThat(failed.getAttributes())
        .containsEntry("clientRef", "order 7")
        .containsEntry("networkCode", "21401");
    assertTime(failed, "2026-03-01T08:00:00Z");
  }

  @Test
  void an_inbound_text_message_is_received() {
    MessageEvent sms =
        event(
            BIRD.form(
                "id=i&originator=34600111222&recipient=34900000001&body=Hola"
                    + "&createdDatetime=2026-03-01T08%3A00%3A00%2B00%3A00"));

    assertThat(sms.getStatus()).isEqualTo(Status.RECEIVED);
    assertThat(sms.getDirection()).isEqualTo(Direction.INBOUND);
    assertThat(sms.getUserId()).isEqualTo("34600111222");
    assertThat(sms.getBody()).isEqualTo("Hola");
    assertTime(sms, "2026-03-01T08:00:00Z");
  }

  @Test
  void a_message_of_a_conversation_has_channel_contact_and_content() {
    MessageEvent message =
        event(
            BIRD.json(
                """
                {"type":"message.created","contact":{"id":"k","msisdn":34600111222,"displayName":"Ana"},
                 "conversation":{"id":"c"},
                 "message":{"id":"m","conversationId":"c","platform":"whatsapp","to":"+34900000001",
                   "from":"+34600111222","type":"image","direction":"received","status":"received",
                   "content":{"image":{"url":"https://x/i.jpg"}},
                   "createdDatetime":"2026-03-01T08:00:00Z"}}"""));

    assertThat(message.getDirection()).isEqualTo(Direction.INBOUND);
    assertThat(message.getChannel()).isEqualTo("WHATSAPP");
    assertThat(message.getUserId()).isEqualTo("34600111222");
    assertThat(message.getAttributes())
        .containsEntry("messageType", "image")
        .containsEntry("mediaUrl", "https://x/i.jpg")
        .containsEntry("profileName", "Ana");
    assertTime(message, "2026-03-01T08:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "id=i&status=orbiting, UNKNOWN_STATUS",
    "recipient=1&status=sent, MISSING_MESSAGE_ID",
    "id=i&recipient=1, MALFORMED_BODY",
    "hello=1, MALFORMED_BODY",
    "id=i&status=sent&statusDatetime=soon, MALFORMED_BODY"
  })
  void other_query_strings_are_rejected(String query, RejectionReason reason) {
    BIRD.assertRejected(BIRD.query(query), reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"conversation.created","conversation":{"id":"c"}}                | UNSUPPORTED_EVENT
          {"type":"message.updated","message":{"id":"m","status":"orbiting"}}      | UNKNOWN_STATUS
          {"type":"message.updated","message":{"status":"read"}}                   | MISSING_MESSAGE_ID
          {"type":"message.updated","message":{"id":{},"status":"read"}}           | MALFORMED_BODY
          {"message":{"id":"m","status":"read"}}                                   | MALFORMED_BODY
          {"type":"message.updated","message":{"id":"m"                            | MALFORMED_BODY
          """)
  void other_bodies_are_rejected(String body, RejectionReason reason) {
    BIRD.assertRejected(BIRD.json(body), reason);
  }
}
