package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static io.postflight.topology.normalize.Webhooks.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.topology.normalize.Webhooks;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits, revocations, people and times of WASenderApi, Baileys and Evolution. */
class WasenderChangesTest {
  private static final String KEY =
      "\"key\":{\"id\":\"%s\",\"fromMe\":%s,\"remoteJid\":\"34600111222@s.whatsapp.net\"}";

  private static MessageEvent change(String event, String id, String fields) {
    return event(
        json(
            "wasender",
            "{\"event\":\"%s\",\"data\":{%s,\"messageTimestamp\":1760700001,%s}}"
                .formatted(event, KEY.formatted(id, "false"), fields)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          messages.upsert | NEW | "message":{"protocolMessage":{"key":{"id":"ORIG"},"type":14,"editedMessage":{"conversation":"fixed"}}}
          messages.upsert | NEW | "message":{"editedMessage":{"message":{"protocolMessage":{"key":{"id":"ORIG"},"type":"MESSAGE_EDIT","editedMessage":{"extendedTextMessage":{"text":"fixed"}}}}}}
          messages.upsert | NEW | "message":{"ephemeralMessage":{"message":{"protocolMessage":{"key":{"id":"ORIG"},"type":14,"editedMessage":{"imageMessage":{"caption":"fixed"}}}}}}
          messages.update | ORIG | "update":{"message":{"editedMessage":{"message":{"conversation":"fixed"}}}}
          messages.update | ORIG | "status":"SERVER_ACK","keyId":"ORIG","message":{"editedMessage":{"message":{"conversation":"fixed"}}}
          messages.edited | NEW | "message":{"protocolMessage":{"key":{"id":"ORIG"},"type":14,"editedMessage":{"conversation":"fixed"}}}
          """)
  void an_edit_belongs_to_the_original(String event, String id, String fields) {
    MessageEvent edit = change(event, id, fields);

    assertThat(edit.getMessageId()).isEqualTo("ORIG");
    assertThat(edit.getStatus()).isEqualTo(Status.ANNOTATION);
    assertThat(edit.getProviderStatus()).isEqualTo("edit");
    assertThat(edit.getBody()).isEqualTo("fixed");
    assertThat(edit.getUserId()).isEqualTo("34600111222");
    assertThat(edit.getDirection()).isEqualTo(Direction.INBOUND);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          messages.upsert | NEW  | "message":{"protocolMessage":{"key":{"id":"ORIG"},"type":0}}
          messages.upsert | NEW  | "message":{"protocolMessage":{"key":{"id":"ORIG"}}}
          messages.upsert | NEW  | "message":{"protocolMessage":{"key":{"id":"ORIG"},"type":"REVOKE"}},"status":"PENDING","x":1
          messages.upsert | ORIG | "messageStubType":1
          messages.update | ORIG | "update":{"message":null,"messageStubType":1}
          messages.update | ORIG | "update":{"messageStubType":"REVOKE"}
          messages.delete | ORIG | "status":"DELETED","x":1
          message.deleted | ORIG | "x":1
          """)
  void a_revocation_belongs_to_the_original(String event, String id, String fields) {
    MessageEvent revocation = change(event, id, fields);

    assertThat(revocation.getMessageId()).isEqualTo("ORIG");
    assertThat(revocation.getStatus()).isEqualTo(Status.ANNOTATION);
    assertThat(revocation.getProviderStatus()).isEqualTo("revoke");
  }

  @Test
  void an_encrypted_edit_has_no_text() {
    MessageEvent edit =
        change(
            "messages.upsert",
            "NEW",
            "\"message\":{\"secretEncryptedMessage\":{\"targetMessageKey\":{\"id\":\"ORIG\"},"
                + "\"secretEncType\":\"MESSAGE_EDIT\"}}");

    assertThat(edit.getMessageId()).isEqualTo("ORIG");
    assertThat(edit.getProviderStatus()).isEqualTo("edit");
    assertThat(edit.getBody()).isNull();
  }

  @Test
  void two_edits_within_one_second_are_two_events() {
    String edit =
        "\"message\":{\"protocolMessage\":{\"key\":{\"id\":\"ORIG\"},\"type\":14,"
            + "\"editedMessage\":{\"conversation\":\"x\"}}}";

    assertThat(change("messages.upsert", "E1", edit).getEventId())
        .isNotEqualTo(change("messages.upsert", "E2", edit).getEventId())
        .isEqualTo(change("messages.upsert", "E1", edit).getEventId());
  }

  @Test
  void all_deleted_messages_are_events() {
    String keys =
        IntStream.range(0, 40)
            .mapToObj(i -> "{\"id\":\"m%d\",\"remoteJid\":\"34600111222@c.us\"}".formatted(i))
            .collect(Collectors.joining(","));
    String body = "{\"data\":{\"keys\":[" + keys + "]},\"event\":\"messages.delete\"}";

    assertThat(events(json("wasender", body)))
        .hasSize(40)
        .allSatisfy(event -> assertThat(event.getProviderStatus()).isEqualTo("revoke"))
        .extracting(MessageEvent::getMessageId)
        .contains("m0", "m16", "m39")
        .doesNotHaveDuplicates();
  }

  @Test
  void several_deleted_messages_are_several_events() {
    List<MessageEvent> deleted =
        events(
            json(
                "wasender",
                "{\"event\":\"messages.delete\",\"data\":{\"keys\":[{\"id\":\"a\",\"fromMe\":true,"
                    + "\"remoteJid\":\"34600111222@s.whatsapp.net\"},{\"id\":\"b\",\"fromMe\":false,"
                    + "\"remoteJid\":\"1@g.us\",\"participant\":\"34600111333@s.whatsapp.net\"}]}}"));

    assertThat(deleted).extracting(MessageEvent::getMessageId).containsExactly("a", "b");
    assertThat(deleted)
        .extracting(MessageEvent::getUserId)
        .containsExactly("34600111222", "34600111333");
  }

  @ParameterizedTest
  @CsvSource({
    "messages.update, false, READ, ANNOTATION",
    "messages.update, false, 4, ANNOTATION",
    "messages.update, false, 5, ANNOTATION",
    "messages.update, true, READ, READ",
    "messages.update, false, 2, SENT",
    "messages.update, false, SERVER_ACK, SENT",
    "messages.update, false, 3, DELIVERED",
    "message-receipt.update, false, 4, READ"
  })
  void reading_a_message_that_is_not_from_us_is_ours(
      String event, String fromMe, String status, Status expected) {
    String body =
        "{\"event\":\"%s\",\"data\":{%s,\"status\":\"%s\"}}"
            .formatted(event, KEY.formatted("m", fromMe), status);

    assertThat(event(json("wasender", body)).getStatus()).isEqualTo(expected);
  }

  @Test
  void in_a_group_the_sender_is_the_participant() {
    String group =
        "{\"event\":\"messages.upsert\",\"data\":{\"key\":{\"id\":\"m\",\"fromMe\":%s,"
            + "\"remoteJid\":\"1@g.us\",\"participant\":\"77:3@lid\","
            + "\"participantPn\":\"34600111222@s.whatsapp.net\"},"
            + "\"message\":{\"conversation\":\"x\"}}}";

    MessageEvent inbound = event(json("wasender", group.formatted("false")));
    assertThat(inbound.getUserId()).isEqualTo("34600111222");
    assertThat(inbound.getSender()).isEqualTo("77:3@lid");
    assertThat(inbound.getAliases()).containsExactly("77@lid");
    assertThat(inbound.getAttributes()).containsEntry("groupId", "1@g.us");

    MessageEvent outbound = event(json("wasender", group.formatted("true")));
    assertThat(outbound.getUserId()).isNull();
    assertThat(outbound.getAliases()).isEmpty();
    assertThat(outbound.getRecipient()).isEqualTo("1@g.us");
  }

  @Test
  void our_own_number_is_not_the_participant_who_reads_our_message() {
    String receipt =
        "{\"event\":\"message-receipt.update\",\"data\":{\"key\":{\"id\":\"m\",\"fromMe\":true,"
            + "\"remoteJid\":\"1@g.us\",\"participant\":\"77@lid\","
            + "\"senderPn\":\"34900000001@s.whatsapp.net\"},"
            + "\"receipt\":{\"readTimestamp\":1760700001}}}";

    MessageEvent read = event(json("wasender", receipt));

    assertThat(read.getUserId()).isEqualTo("77@lid");
    assertThat(read.getAliases()).isEmpty();
  }

  @Test
  void our_own_number_is_no_user_in_the_key_of_an_edit() {
    MessageEvent edit =
        event(
            json(
                "wasender",
                "{\"event\":\"messages.edited\",\"instance\":\"shop\",\"data\":{\"key\":{\"id\":\"ORIG\","
                    + "\"fromMe\":true,\"remoteJid\":\"34900000001@s.whatsapp.net\"},\"type\":14,"
                    + "\"editedMessage\":{\"conversation\":\"x\"}},"
                    + "\"sender\":\"34900000001@s.whatsapp.net\"}"));

    assertThat(edit.getMessageId()).isEqualTo("ORIG");
    assertThat(edit.getUserId()).isNull();
    assertThat(edit.getAliases()).isEmpty();
  }

  @Test
  void our_own_number_is_not_the_user_of_a_message_that_we_sent() {
    MessageEvent sent =
        event(
            json(
                "wasender",
                "{\"event\":\"messages.upsert\",\"data\":{\"key\":{\"id\":\"m\",\"fromMe\":true,"
                    + "\"remoteJid\":\"77@lid\",\"remoteJidAlt\":\"34600111222@s.whatsapp.net\","
                    + "\"senderPn\":\"34900000001@s.whatsapp.net\"},"
                    + "\"message\":{\"conversation\":\"x\"}}}"));

    assertThat(sent.getUserId()).isEqualTo("34600111222");
    assertThat(sent.getAliases()).containsExactly("77@lid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"errors\":[{\"code\":131026,\"title\":\"T\",\"error_data\":{\"details\":\"D\"}}]",
        "\"errors\":[{\"code\":\"131026\",\"title\":\"T\",\"details\":\"D\"}]",
        "\"errors\":[{\"code\":1.31026E5,\"title\":\"T\",\"message\":\"D\"}]",
        "\"error\":{\"code\":131026,\"title\":\"T\",\"details\":\"D\"}",
        "\"update\":{\"error\":{\"code\":131026.0,\"title\":\"T\",\"error_data\":\"D\"}}"
      })
  void an_error_is_found_wherever_it_stands(String error) {
    MessageEvent failed = change("messages.update", "m", "\"status\":\"ERROR\"," + error);

    assertThat(failed.getStatus()).isEqualTo(Status.FAILED);
    assertThat(failed.getError()).isEqualTo(new EventError("131026", "T", "D"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-06-01T11:59:58Z", "2026-06-01T08:55:00Z", "2026-06-01T17:29:58Z",
        "2026-06-01T11:50:00Z", "2026-05-30T12:00:00Z", "2026-06-01T12:00:01Z"
      })
  void a_local_time_marked_as_utc_is_not_trusted(String dateTime) {
    String data = "\"data\":{%s,\"status\":\"DELIVERY_ACK\"}".formatted(KEY.formatted("m", "true"));
    String body = "{\"event\":\"messages.update\",%s,\"date_time\":\"%s\"}";

    MessageEvent event = event(json("wasender", body.formatted(data, dateTime)));

    assertThat(event.getEventTimeSource()).isEqualTo(EventTimeSource.ARRIVAL);
    assertThat(event.getEventTime()).isEqualTo(Webhooks.RECEIVED_AT);
  }

  @Test
  void two_edits_without_a_time_of_their_own_are_two_events() {
    String edit =
        "\"update\":{\"message\":{\"editedMessage\":{\"message\":{\"conversation\":\"%s\"}}}}";
    String first = change("messages.update", "ORIG", edit.formatted("a")).getEventId();

    assertThat(change("messages.update", "ORIG", edit.formatted("b")).getEventId())
        .isNotEqualTo(first);
    assertThat(change("messages.update", "ORIG", edit.formatted("a")).getEventId())
        .isEqualTo(first);
  }

  @Test
  void a_number_of_64_bits_may_be_an_object() {
    MessageEvent update =
        event(
            json(
                "wasender",
                "{\"event\":\"messages.update\",\"data\":{\"keyId\":\"m\",\"status\":\"ERROR\","
                    + "\"messageTimestamp\":{\"low\":-234167589,\"high\":409,\"unsigned\":true}}}"));

    assertThat(update.getEventTime()).isEqualTo((409L << 32) + 4_060_799_707L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"datetime", "messageTimestamp"})
  void a_time_in_the_data_is_trusted(String field) {
    long time = Webhooks.RECEIVED_AT - 3_600_000;
    String data =
        "\"data\":{%s,\"status\":3,\"%s\":%d}".formatted(KEY.formatted("m", "true"), field, time);
    String body = "{\"event\":\"messages.update\",%s,\"date_time\":\"2026-06-01T09:00:00Z\"}";

    assertThat(event(json("wasender", body.formatted(data))).getEventTime()).isEqualTo(time);
  }
}
