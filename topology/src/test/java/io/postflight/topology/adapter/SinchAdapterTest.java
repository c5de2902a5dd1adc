package io.postflight.topology.adapter;

import static io.postflight.topology.adapter.ProviderBodies.assertTime;
import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Webhooks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinchAdapterTest {
  private static final ProviderBodies SINCH = new ProviderBodies("sinch");

  private static String conversation(String fields) {
    return "{\"app_id\":\"a\",\"project_id\":\"p\",\"accepted_time\":\"2026-03-01T08:00:06Z\","
        + "\"event_time\":\"2026-03-01T08:00:00Z\","
        + fields
        + '}';
  }

  @ParameterizedTest
  @CsvSource({
    "QUEUED_ON_CHANNEL, SENT",
    "DELIVERED, DELIVERED",
    "READ, READ",
    "FAILED, FAILED",
    "SWITCHING_CHANNEL, ANNOTATION"
  })
  void each_status_of_conversations_maps_to_a_canonical_status(String word, Status status) {
    String body =
        conversation(
            "\"message_delivery_report\":{\"message_id\":\"m\",\"status\":\"" + word + "\"}");

    assertThat(event(SINCH.json(body)).getStatus()).isEqualTo(status);
    assertTime(event(SINCH.json(body)), "2026-03-01T08:00:00Z");
  }

  @ParameterizedTest
  @CsvSource({
    "Queued, QUEUED",
    "Dispatched, SENT",
    "Delivered, DELIVERED",
    "Aborted, FAILED",
    "Rejected, FAILED",
    "Deleted, FAILED",
    "Failed, FAILED",
    "Expired, EXPIRED",
    "Cancelled, CANCELED",
    "Unknown, ANNOTATION"
  })
  void each_status_of_text_messages_maps_to_a_canonical_status(String word, Status status) {
    String body =
        "{\"type\":\"recipient_delivery_report_sms\",\"batch_id\":\"B\",\"recipient\":\"+34600\","
            + "\"code\":400,\"status\":\""
            + word
            + "\",\"at\":\"2026-03-01T08:00:00.500Z\"}";

    assertThat(event(SINCH.json(body)).getStatus()).isEqualTo(status);
    assertTime(event(SINCH.json(body)), "2026-03-01T08:00:00.500Z");
  }

  @Test
  void a_failed_report_of_a_conversation_has_its_reason() {
    MessageEvent failed =
        event(
            SINCH.json(
                conversation(
                    """
                    "message_metadata":"order 7",
                    "message_delivery_report":{"message_id":"m","conversation_id":"c",
                      "status":"FAILED","contact_id":"k",
                      "channel_identity":{"channel":"WHATSAPP","identity":"34600111222"},
                      "reason":{"code":"RECIPIENT_NOT_OPTED_IN","description":"No consent",
                                "sub_code":"UNSPECIFIED_SUB_CODE"}}""")));

    assertThat(failed.getChannel()).isEqualTo("WHATSAPP");
    assertThat(failed.getUserId()).isEqualTo("34600111222");
    assertThat(failed.getError())
        .isEqualTo(new EventError("RECIPIENT_NOT_OPTED_IN", "UNSPECIFIED_SUB_CODE", "No consent"));
    assertThat(failed.getAttributes())
        .containsEntry("conversationId", "c")
        .containsEntry("metadata", "order 7");
  }

  @Test
  void a_message_is_a_batch_and_its_recipient() {
    MessageEvent failed =
        event(
            SINCH.json(
                "{\"type\":\"recipient_delivery_report_sms\",\"batch_id\":\"B\",\"recipient\":"
                    + "\"+34600111222\",\"code\":402,\"status\":\"Aborted\"}"));

    assertThat(failed.getMessageId()).isEqualTo("B/+34600111222");
    assertThat(failed.getUserId()).isEqualTo("34600111222");
    assertThat(failed.getError()).isEqualTo(new EventError("402", "Aborted", null));
  }

  @Test
  void a_full_report_of_a_batch_has_an_entry_for_each_recipient() {
    String body =
        """
        {"type":"delivery_report_sms","batch_id":"B","total_message_count":4,"statuses":[
          {"code":0,"count":2,"recipients":["+34600000001",34600000002],"status":"Delivered"},
          {"code":402,"count":1,"recipients":["+34600000003",1.5],"status":"Failed"}]}""";

    assertThat(SINCH.summary(SINCH.json(body)))
        .containsExactly("DELIVERED", "DELIVERED", "FAILED", "MALFORMED_BODY");
  }

  @Test
  void the_rejection_of_a_recipient_names_the_list() {
    String report =
        "{\"type\":\"delivery_report_sms\",\"batch_id\":\"B\",\"statuses\":[{\"status\":"
            + "\"Delivered\",\"recipients\":[1.5]}]}";

    assertThat(Webhooks.rejection(SINCH.json(report)).detail())
        .isEqualTo("an element of 'recipients' is neither a string nor a whole number");
  }

  @Test
  void inbound_messages_are_received() {
    MessageEvent chat =
        event(
            SINCH.json(
                conversation(
                    """
                    "message":{"id":"m","direction":"TO_APP","conversation_id":"c","sender_id":"s",
                      "accept_time":"2026-03-01T08:00:00Z",
                      "channel_identity":{"channel":"RCS","identity":"34600111222"},
                      "contact_message":{"text_message":{"text":"Hola"},
                        "reply_to":{"message_id":"r"}}}""")));
    MessageEvent sms =
        event(
            SINCH.json(
                "{\"type\":\"mo_text\",\"id\":\"i\",\"from\":\"34600111222\",\"to\":\"349\",\"body\":"
                    + "\"Hola\",\"received_at\":\"2026-03-01T08:00:00Z\"}"));

    assertThat(chat.getChannel()).isEqualTo("RCS");
    assertThat(chat.getAttributes())
        .containsEntry("messageType", "text")
        .containsEntry("replyTo", "r");
    for (MessageEvent each : new MessageEvent[] {chat, sms}) {
      assertThat(each.getStatus()).isEqualTo(Status.RECEIVED);
      assertThat(each.getDirection()).isEqualTo(Direction.INBOUND);
      assertThat(each.getUserId()).isEqualTo("34600111222");
      assertThat(each.getBody()).isEqualTo("Hola");
      assertTime(each, "2026-03-01T08:00:00Z");
    }
  }

  @ParameterizedTest
  @CsvSource({"TO_CONTACT, app_message", "to_contact, contact_message"})
  void a_message_to_the_contact_is_ours(String direction, String content) {
    MessageEvent message =
        event(
            SINCH.json(
                conversation(
                    """
                    "message":{"id":"m","direction":"%s","conversation_id":"c","sender_id":"349",
                      "accept_time":"2026-03-01T08:00:00Z",
                      "channel_identity":{"channel":"RCS","identity":"34600111222"},
                      "%s":{"text_message":{"text":"Hola"}}}"""
                        .formatted(direction, content))));

    assertThat(message.getStatus()).isEqualTo(Status.ACCEPTED);
    assertThat(message.getDirection()).isEqualTo(Direction.OUTBOUND);
    assertThat(message.getUserId()).isEqualTo("34600111222");
    assertThat(message.getSender()).isEqualTo("349");
    assertThat(message.getRecipient()).isEqualTo("34600111222");
    assertThat(message.getBody()).isEqualTo("Hola");
    assertThat(message.getAttributes()).containsEntry("messageType", "text");
    assertTime(message, "2026-03-01T08:00:00Z");
  }

  @Test
  void several_callbacks_may_be_in_an_array() {
    String one =
        conversation("\"message_delivery_report\":{\"message_id\":\"m\",\"status\":\"READ\"}");

    assertThat(events(SINCH.json('[' + one + ',' + one + ']'))).hasSize(2);
  }

  @Test
  void a_report_of_too_many_recipients_is_rejected() {
    String report =
        "{\"type\":\"delivery_report_sms\",\"batch_id\":\"B\",\"statuses\":[{\"status\":\"Delivered\","
            + "\"recipients\":["
            + "\"1\",".repeat(999)
            + "\"2\"]}]}";

    assertThat(SINCH.summary(SINCH.json(report))).hasSize(1000).containsOnly("DELIVERED");
    SINCH.assertRejected(
        SINCH.json(report.replace("\"2\"", "\"2\",\"3\"")), RejectionReason.TOO_LARGE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"app_id":"a","message_delivery_report":{"message_id":"m","status":"ORBITING"}}  | UNKNOWN_STATUS
          {"app_id":"a","message_delivery_report":{"status":"READ"}}                       | MISSING_MESSAGE_ID
          {"type":"recipient_delivery_report_sms","batch_id":"B","status":"Failed"}        | MISSING_MESSAGE_ID
          {"app_id":"a","event_time":{},"message_delivery_report":{"message_id":"m","status":"READ"}} | EVENT
          {"app_id":"a","event_time":[1],"message_delivery_report":{"message_id":"m","status":"READ"}} | MALFORMED_BODY
          {"app_id":"a","message_delivery_report":{"message_id":[],"status":"READ"}}       | MALFORMED_BODY
          {"app_id":"a","message_delivery_report":{"message_id":"m"}}                      | MALFORMED_BODY
          {"app_id":"a","contact_create_notification":{"contact":{"id":"k"}}}              | UNSUPPORTED_EVENT
          {"type":"delivery_report_sms","batch_id":"B","statuses":[{"code":0,"count":2}]}  | UNSUPPORTED_EVENT
          {"hello":1}                                                                      | MALFORMED_BODY
          """)
  void other_bodies_are_rejected(String body, String outcome) {
    if (outcome.equals("EVENT")) {
      assertThat(event(SINCH.json(body)).getStatus()).isEqualTo(Status.READ);
    } else {
      SINCH.assertRejected(SINCH.json(body), RejectionReason.valueOf(outcome));
    }
  }
}
