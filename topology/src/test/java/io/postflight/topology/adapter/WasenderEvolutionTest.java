package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.rejection;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.RawWebhook;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms of edits, revocations and statuses that only Evolution sends. */
class WasenderEvolutionTest {
  private static RawWebhook webhook(String event, String data) {
    return json(
        "wasender",
        "{\"event\":\"%s\",\"instance\":\"shop\",\"data\":{%s},\"sender\":\"34900000001@s.whatsapp.net\"}"
            .formatted(event, data));
  }

  private static RawWebhook edited(String chat, String fields) {
    return webhook(
        "messages.edited",
        "\"key\":{\"id\":\"ORIG\",\"fromMe\":true,\"remoteJid\":\"%s\"},%s,\"timestampMs\":\"1760700001467\""
            .formatted(chat, fields));
  }

  private static RawWebhook update(String fields) {
    return webhook(
        "messages.update",
        "\"keyId\":\"ORIG\",\"messageId\":\"row\",\"remoteJid\":\"34600111222@s.whatsapp.net\","
            + fields);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          edit   | "type":14,"editedMessage":{"conversation":"fixed"}
          edit   | "type":"MESSAGE_EDIT","editedMessage":{"extendedTextMessage":{"text":"fixed"}}
          edit   | "editedMessage":{"conversation":"fixed"}
          revoke | "type":"REVOKE"
          revoke | "type":0
          """)
  void a_protocol_message_changes_the_message_of_its_key(String change, String fields) {
    MessageEvent event = event(edited("34600111222@s.whatsapp.net", fields));

    assertThat(event.getMessageId()).isEqualTo("ORIG");
    assertThat(event.getStatus()).isEqualTo(Status.ANNOTATION);
    assertThat(event.getProviderStatus()).isEqualTo(change);
    assertThat(event.getBody()).isEqualTo(change.equals("edit") ? "fixed" : null);
    assertThat(event.getEventTime()).isEqualTo(1_760_700_001_467L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"type\":\"EPHEMERAL_SETTING\",\"ephemeralExpiration\":86400",
        "\"type\":3",
        "\"type\":\"HISTORY_SYNC_NOTIFICATION\",\"historySyncNotification\":{\"progress\":1}",
        "\"type\":\"APP_STATE_SYNC_KEY_SHARE\",\"appStateSyncKeyShare\":{\"keys\":[{\"keyId\":{}}]}"
      })
  void another_protocol_message_is_control_traffic(String fields) {
    assertThat(rejection(edited("34600111222@s.whatsapp.net", fields)).reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_EVENT);
    assertThat(rejection(webhook("messages.edited", fields)).reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_EVENT);
  }

  @ParameterizedTest
  @CsvSource({
    "34900000001@s.whatsapp.net, INBOUND",
    "34900000001:3@s.whatsapp.net, INBOUND",
    "34600111222@s.whatsapp.net, OUTBOUND",
    "55@lid, OUTBOUND",
    "1@g.us, OUTBOUND"
  })
  void the_key_of_an_author_names_no_people(String chat, Direction direction) {
    MessageEvent edit =
        event(edited(chat, "\"type\":14,\"editedMessage\":{\"conversation\":\"x\"}"));

    assertThat(edit.getDirection()).isEqualTo(direction);
    assertThat(edit.getUserId()).isNull();
    assertThat(edit.getAliases()).isEmpty();
    assertThat(edit.getSender()).isNull();
    assertThat(edit.getRecipient()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"DELIVERY_ACK, DELIVERED", "READ, READ"})
  void an_edit_may_come_with_a_status(String name, Status status) {
    List<MessageEvent> events =
        events(
            update(
                "\"fromMe\":true,\"status\":\"%s\",\"message\":{\"editedMessage\":{\"message\":{\"conversation\":\"fixed\"}}}"
                    .formatted(name)));

    assertThat(events)
        .extracting(MessageEvent::getStatus)
        .containsExactly(Status.ANNOTATION, status);
    assertThat(events.get(0).getBody()).isEqualTo("fixed");
    assertThat(events).extracting(MessageEvent::getMessageId).containsOnly("ORIG");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          edit   | "message":{"editedMessage":{"message":{"conversation":"fixed"}}}
          revoke | "messageStubType":1
          revoke | "messageStubType":"REVOKE"
          """)
  void a_status_that_fills_the_field_is_none(String change, String fields) {
    MessageEvent event = event(update("\"fromMe\":false,\"status\":\"SERVER_ACK\"," + fields));

    assertThat(event.getProviderStatus()).isEqualTo(change);
    assertThat(event.getDirection()).isEqualTo(Direction.INBOUND);
    assertThat(event.getUserId()).isEqualTo("34600111222");
  }

  @ParameterizedTest
  @CsvSource({
    "false, SERVER_ACK, ANNOTATION",
    "false, DELIVERY_ACK, ANNOTATION",
    "true, SERVER_ACK, SENT",
    "true, DELIVERY_ACK, DELIVERED"
  })
  void a_status_of_a_message_that_is_not_from_us_is_an_annotation(
      String fromMe, String name, Status status) {
    assertThat(event(update("\"fromMe\":%s,\"status\":\"%s\"".formatted(fromMe, name))).getStatus())
        .isEqualTo(status);
  }

  @Test
  void a_chat_that_is_cleared_names_no_message() {
    String data = "\"jid\":\"34600111222@s.whatsapp.net\",\"all\":true";

    assertThat(rejection(webhook("messages.delete", data)).reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_EVENT);
  }

  @Test
  void the_author_of_a_message_is_not_the_member_who_reads_it() {
    MessageEvent read =
        event(
            webhook(
                "message-receipt.update",
                "\"key\":{\"id\":\"m\",\"fromMe\":true,\"remoteJid\":\"1@g.us\",\"participant\":\"55@lid\","
                    + "\"participantPn\":\"34900000001@s.whatsapp.net\"},"
                    + "\"receipt\":{\"userJid\":\"77@lid\",\"readTimestamp\":1760700001}"));

    assertThat(read.getUserId()).isEqualTo("77@lid");
    assertThat(read.getAliases()).isEmpty();
  }
}
