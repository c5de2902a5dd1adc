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

class WhatsAppOnPremAdapterTest {
  private static final ProviderBodies ONPREM = new ProviderBodies("whatsapp-onprem");

  private static String statuses(String statuses) {
    return "{\"statuses\":[" + statuses + "]}";
  }

  @ParameterizedTest
  @CsvSource({
    "accepted, ACCEPTED",
    "sent, SENT",
    "delivered, DELIVERED",
    "read, READ",
    "played, PLAYED",
    "failed, FAILED",
    "deleted, ANNOTATION",
    "warning, ANNOTATION",
    "DELIVERED, DELIVERED"
  })
  void each_provider_status_maps_to_a_canonical_status(String word, Status status) {
    String body = statuses("{\"id\":\"gBGG1\",\"status\":\"" + word + "\"}");

    assertThat(event(ONPREM.json(body)).getStatus()).isEqualTo(status);
  }

  @Test
  void a_status_has_recipient_time_error_and_price() {
    MessageEvent failed =
        event(
            ONPREM.json(
                statuses(
                    """
                    {"id":"gBGG1","status":"failed","timestamp":"1772352000",
                     "recipient_id":"34600111222","pricing":{"billable":false,"pricing_model":"CBP"},
                     "errors":[{"code":470,"title":"Outside of the window","details":"24 h"}]}""")));

    assertThat(failed.getUserId()).isEqualTo("34600111222");
    assertThat(failed.getChannel()).isEqualTo("WHATSAPP");
    assertThat(failed.getError()).isEqualTo(new EventError("470", "Outside of the window", "24 h"));
    assertThat(failed.getPrice()).isEqualTo(new Price(null, null, null, false));
    assertTime(failed, "2026-03-01T08:00:00Z");
  }

  @Test
  void turns_recipient_within_the_message_is_the_user() {
    String body =
        statuses("{\"id\":\"A\",\"status\":\"read\",\"message\":{\"recipient_id\":\"1631\"}}");

    assertThat(event(ONPREM.json(body)).getUserId()).isEqualTo("1631");
  }

  @Test
  void statuses_and_messages_of_one_body_are_entries_in_its_order() {
    String body =
        """
        {"contacts":[{"profile":{"name":"Ana"},"wa_id":"34600111222"}],
         "statuses":[{"id":"A","status":"sent"},{"id":"B","status":"orbiting"},7,{"status":"sent"}],
         "messages":[{"from":"34600111222","id":"C","timestamp":"1772352000","type":"text",
                      "text":{"body":"Hola"}}]}""";

    assertThat(ONPREM.summary(ONPREM.json(body)))
        .containsExactly(
            "SENT", "UNKNOWN_STATUS", "MALFORMED_BODY", "MISSING_MESSAGE_ID", "RECEIVED");
  }

  @Test
  void an_inbound_message_has_its_sender_and_body() {
    MessageEvent message =
        event(
            ONPREM.json(
                """
                {"messages":[{"from":"34600111222","id":"C","timestamp":"1772352000","type":"text",
                  "text":{"body":"Hola"},"_vnd":{"v1":{"direction":"inbound"}}}],
                 "contacts":[{"profile":{"name":"Ana"},"wa_id":"34600111222"}]}"""));

    assertThat(message.getDirection()).isEqualTo(Direction.INBOUND);
    assertThat(message.getUserId()).isEqualTo("34600111222");
    assertThat(message.getBody()).isEqualTo("Hola");
    assertThat(message.getAttributes())
        .containsEntry("messageType", "text")
        .containsEntry("profileName", "Ana");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"statuses":[{"id":"A","status":"sent","timestamp":[1]}]}   | MALFORMED_BODY
          {"statuses":[{"id":1.5,"status":"sent"}]}                   | MALFORMED_BODY
          {"statuses":[{"id":"A","status":{"x":1}}]}                  | MALFORMED_BODY
          {"statuses":[{"id":"A"}]}                                   | MALFORMED_BODY
          {"statuses":{"id":"A"}}                                     | MALFORMED_BODY
          {"object":"whatsapp_business_account","entry":[]}           | MALFORMED_BODY
          {}                                                          | MALFORMED_BODY
          []                                                          | MALFORMED_BODY
          {"statuses":[{"id":"A","status":"sent"                      | MALFORMED_BODY
          {"statuses":[]}                                             | UNSUPPORTED_EVENT
          {"errors":[{"code":1014,"title":"Internal"}]}               | UNSUPPORTED_EVENT
          {"type":"text","to":"1","_vnd":{"v1":{}}}                   | UNSUPPORTED_EVENT
          """)
  void other_bodies_are_rejected(String body, RejectionReason reason) {
    ONPREM.assertRejected(ONPREM.json(body), reason);
  }

  @Test
  void a_whole_number_is_an_id() {
    String body = statuses("{\"id\":12345,\"status\":\"sent\",\"timestamp\":1.772352e9}");

    assertThat(event(ONPREM.json(body)).getMessageId()).isEqualTo("12345");
    assertTime(event(ONPREM.json(body)), "2026-03-01T08:00:00Z");
  }
}
