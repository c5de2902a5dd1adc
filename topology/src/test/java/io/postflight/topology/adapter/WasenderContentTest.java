package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.rejection;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.RawWebhook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contents of messages of WhatsApp's own protocol. */
class WasenderContentTest {
  private static RawWebhook received(String message) {
    return upsert("\"message\":" + message);
  }

  private static RawWebhook upsert(String fields) {
    return json(
        "wasender",
        "{\"event\":\"messages.upsert\",\"data\":{\"key\":{\"id\":\"m1\",\"fromMe\":false,"
            + "\"remoteJid\":\"34600111222@s.whatsapp.net\"},\"messageTimestamp\":1760700001,"
            + fields
            + "}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"conversation":"a"}                                                  | text        | a
          {"extendedTextMessage":{"text":"a"}}                                  | text        | a
          {"imageMessage":{"caption":"a"}}                                      | image       | a
          {"videoMessage":{"caption":"a","gifPlayback":true}}                   | video       | a
          {"ptvMessage":{"seconds":3}}                                          | video       |
          {"audioMessage":{"ptt":true}}                                         | audio       |
          {"documentMessage":{"caption":"a","fileName":"r.pdf"}}                | document    | a
          {"stickerMessage":{"isAnimated":true}}                                | sticker     |
          {"stickerMessage":{}}                                                 | sticker     |
          {"lottieStickerMessage":{"message":{"stickerMessage":{"mimetype":"a/b"}}}} | sticker |
          {"locationMessage":{"degreesLatitude":1.5,"degreesLongitude":2}}      | location    |
          {"liveLocationMessage":{"degreesLatitude":1.5,"caption":"a"}}         | location    | a
          {"contactMessage":{"displayName":"a","vcard":"BEGIN"}}                | contacts    | a
          {"contactsArrayMessage":{"displayName":"a","contacts":[{"vcard":"BEGIN"}]}} | contacts | a
          {"reactionMessage":{"key":{"id":"Q"},"text":"x"}}                     | reaction    |
          {"pollCreationMessage":{"name":"a"}}                                  | poll        | a
          {"pollCreationMessageV2":{"name":"a"}}                                | poll        | a
          {"pollCreationMessageV4":{"message":{"pollCreationMessageV3":{"name":"a"}}}} | poll | a
          {"pollUpdateMessage":{"pollCreationMessageKey":{"id":"Q"}}}           | poll_vote   |
          {"buttonsResponseMessage":{"selectedButtonId":"b","selectedDisplayText":"a"}} | button | a
          {"templateButtonReplyMessage":{"selectedId":"b","selectedDisplayText":"a"}} | button | a
          {"listResponseMessage":{"title":"a","singleSelectReply":{"selectedRowId":"b"}}} | interactive | a
          {"interactiveResponseMessage":{"body":{"text":"a"},"nativeFlowResponseMessage":{"paramsJson":"{}"}}} | interactive | a
          {"templateMessage":{"hydratedTemplate":{"hydratedContentText":"a"}}}  | template    | a
          {"orderMessage":{"orderId":"1","message":"a"}}                        | order       | a
          {"productMessage":{"product":{"title":"a"}}}                          | product     | a
          {"groupInviteMessage":{"groupName":"a"}}                              | group_invite | a
          {"eventMessage":{"name":"a"}}                                         | event       | a
          {"futureMessage":{"text":"a","x":1}}                                  | futureMessage | a
          {"messageContextInfo":{"x":1},"conversation":"a"}                     | text        | a
          {"senderKeyDistributionMessage":{"groupId":"g"},"conversation":"a"}   | text        | a
          """)
  void every_kind_has_a_type_and_a_text(String message, String type, String body) {
    MessageEvent event = event(received(message));

    assertThat(event.getStatus()).isEqualTo(Status.RECEIVED);
    assertThat(event.getAttributes()).containsEntry("messageType", type);
    assertThat(event.getBody()).isEqualTo(body);
  }

  @ParameterizedTest
  @CsvSource({
    "ephemeralMessage",
    "viewOnceMessage",
    "viewOnceMessageV2",
    "viewOnceMessageV2Extension",
    "documentWithCaptionMessage",
    "deviceSentMessage",
    "editedMessage",
    "associatedChildMessage",
    "groupMentionedMessage",
    "botInvokeMessage",
    "anUnknownWrapper"
  })
  void a_wrapper_is_opened(String wrapper) {
    String inner =
        "{\"imageMessage\":{\"caption\":\"look\",\"mimetype\":\"image/png\","
            + "\"contextInfo\":{\"stanzaId\":\"Q1\"}}}";

    MessageEvent event = event(received("{\"" + wrapper + "\":{\"message\":" + inner + "}}"));

    assertThat(event.getBody()).isEqualTo("look");
    assertThat(event.getAttributes())
        .containsEntry("messageType", "image")
        .containsEntry("mimeType", "image/png")
        .containsEntry("replyTo", "Q1");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 8})
  void wrappers_are_opened_to_a_bound(int depth) {
    String inner =
        "{\"extendedTextMessage\":{\"text\":\"hi\",\"contextInfo\":{\"stanzaId\":\"Q\"}}}";
    for (int i = 0; i < depth; i++) {
      inner = "{\"ephemeralMessage\":{\"message\":" + inner + "}}";
    }

    MessageEvent event = event(received(inner));

    assertThat(event.getBody()).isEqualTo("hi");
    assertThat(event.getAttributes()).containsEntry("replyTo", "Q");
  }

  @Test
  void deeper_wrappers_leave_a_message_of_an_unknown_type() {
    String inner = "{\"conversation\":\"hi\"}";
    for (int i = 0; i < 60; i++) {
      inner = "{\"ephemeralMessage\":{\"message\":" + inner + "}}";
    }

    MessageEvent event = event(received(inner));

    assertThat(event.getStatus()).isEqualTo(Status.RECEIVED);
    assertThat(event.getBody()).isNull();
    assertThat(event.getAttributes()).containsEntry("messageType", "ephemeralMessage");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"protocolMessage\":{\"type\":\"EPHEMERAL_SETTING\"}}",
        "{\"protocolMessage\":{\"type\":6,\"appStateSyncKeyShare\":{\"keys\":[]}}}",
        "{\"senderKeyDistributionMessage\":{\"groupId\":\"1@g.us\"}}",
        "{\"call\":{\"callKey\":\"x\"}}",
        "{\"callLogMesssage\":{\"isVideo\":false}}",
        "{\"pinInChatMessage\":{\"key\":{\"id\":\"Q\"},\"type\":1}}",
        "{\"keepInChatMessage\":{\"key\":{\"id\":\"Q\"}}}",
        "{\"albumMessage\":{\"expectedImageCount\":2}}",
        "{\"messageHistoryBundle\":{\"mimetype\":\"a\"}}",
        "{\"groupStatusMessageV2\":{\"message\":{\"conversation\":\"story\"}}}",
        "{\"ephemeralMessage\":{\"message\":{\"pinInChatMessage\":{\"type\":1}}}}"
      })
  void control_traffic_is_no_message(String message) {
    assertThat(rejection(received(message)).reason()).isEqualTo(RejectionReason.UNSUPPORTED_EVENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"27", "\"GROUP_PARTICIPANT_ADD\"", "2", "132"})
  void a_stub_is_no_message(String stub) {
    assertThat(rejection(upsert("\"messageStubType\":" + stub)).reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_EVENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"status@broadcast", "1690000000@broadcast", "1203630@newsletter", "1@call"})
  void a_chat_that_is_no_person_has_no_messages(String chat) {
    for (String event :
        new String[] {
          "messages.upsert", "messages.update", "send.message", "message-receipt.update"
        }) {
      String body =
          "{\"event\":\"%s\",\"data\":{\"key\":{\"id\":\"m\",\"fromMe\":true,\"remoteJid\":\"%s\","
              + "\"participant\":\"34600111222@s.whatsapp.net\"},\"status\":3,"
              + "\"message\":{\"conversation\":\"x\"}}}";

      assertThat(rejection(json("wasender", body.formatted(event, chat))).reason())
          .as(event)
          .isEqualTo(RejectionReason.UNSUPPORTED_EVENT);
    }
  }

  @Test
  void answers_have_their_ids() {
    assertThat(
            event(
                    received(
                        "{\"listResponseMessage\":{\"title\":\"L\",\"singleSelectReply\":"
                            + "{\"selectedRowId\":\"size-l\"}}}"))
                .getAttributes())
        .containsEntry("payload", "size-l")
        .containsEntry("interactiveType", "list_reply");
    assertThat(
            event(
                    received(
                        "{\"interactiveResponseMessage\":{\"nativeFlowResponseMessage\":"
                            + "{\"name\":\"flow\",\"paramsJson\":\"{1}\"}}}"))
                .getAttributes())
        .containsEntry("formResponse", "{1}")
        .containsEntry("formName", "flow");
  }

  @Test
  void a_poll_has_its_options() {
    String poll =
        "{\"pollCreationMessageV3\":{\"name\":\"When?\",\"options\":[{\"optionName\":\"1\"},"
            + "{\"optionName\":\"2\"}]}}";

    assertThat(event(received(poll)).getAttributes()).containsEntry("options", "1\n2");
  }
}
