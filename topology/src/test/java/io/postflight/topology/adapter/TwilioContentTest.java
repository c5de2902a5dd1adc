package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.form;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.rejection;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Webhooks;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inbound messages, Conversations and failures of our own webhook, from Twilio. */
class TwilioContentTest {
  private static MessageEvent received(String fields) {
    return event(
        form("MessageSid=SM1&SmsStatus=received&From=whatsapp%3A%2B34600111222&" + fields));
  }

  @ParameterizedTest
  @CsvSource({
    "Body=hi, text, hi, ",
    "Body=hi&MessageType=text, text, hi, ",
    "Body=Yes&ButtonText=Yes&ButtonPayload=y, button, Yes, y",
    "ButtonText=Yes&ButtonPayload=y, button, Yes, y",
    "ListId=l&ListTitle=Large, interactive, Large, l",
    "Body=L&ListId=l&ListTitle=Large&MessageType=interactive, interactive, L, l",
    "Body=ok&FlowData=%7B%7D, interactive, ok, ",
    "Latitude=1&Longitude=2, location, , ",
    "NumMedia=1&MediaContentType0=video%2Fmp4, video, , ",
    "NumMedia=1&MediaContentType0=text%2Fvcard, contacts, , ",
    "NumMedia=1&MediaContentType0=application%2Fpdf, document, , ",
    "MessageType=hologram, hologram, , "
  })
  void an_inbound_message_has_type_text_and_answer(
      String fields, String type, String body, String payload) {
    MessageEvent message = received(fields);

    assertThat(message.getStatus()).isEqualTo(Status.RECEIVED);
    assertThat(message.getAttributes()).containsEntry("messageType", type);
    assertThat(message.getBody()).isEqualTo(body);
    assertThat(message.getAttributes().get("payload")).isEqualTo(payload);
  }

  @Test
  void all_media_of_a_message_are_kept() {
    assertThat(
            received(
                    "NumMedia=3&MediaUrl0=u0&MediaContentType0=image%2Fpng&MediaUrl1=u1"
                        + "&MediaContentType1=image%2Fgif&MediaUrl2=u2")
                .getAttributes())
        .containsEntry("mediaUrl", "u0")
        .containsEntry("mimeType", "image/png")
        .containsEntry("mediaUrl1", "u1")
        .containsEntry("mimeType1", "image/gif")
        .containsEntry("mediaUrl2", "u2");
  }

  @ParameterizedTest
  @CsvSource({
    "ListId=l&MessageType=interactive, list_reply",
    "ButtonPayload=b&ButtonText=B&MessageType=interactive, button_reply",
    "FlowData=%7B%7D&MessageType=interactive, nfm_reply",
    "ButtonPayload=b&ButtonText=B&MessageType=button, "
  })
  void an_interactive_answer_has_its_kind(String fields, String kind) {
    assertThat(received(fields).getAttributes().get("interactiveType")).isEqualTo(kind);
  }

  @Test
  void a_reaction_refers_to_its_message() {
    assertThat(
            received("MessageType=reaction&Body=x&OriginalRepliedMessageSid=SM0").getAttributes())
        .containsEntry("messageType", "reaction")
        .containsEntry("reactionTo", "SM0")
        .containsEntry("emoji", "x");
  }

  @Test
  void a_person_without_a_number_has_the_business_scoped_id() {
    MessageEvent message =
        event(
            form(
                "MessageSid=SM1&SmsStatus=received&From=whatsapp%3ADE.777&ExternalUserId=whatsapp%3ADE.777"
                    + "&ParentExternalUserId=DE.ENT.888&Body=hi"));

    assertThat(message.getUserId()).isEqualTo("DE.777");
    assertThat(message.getAliases()).containsExactly("DE.ENT.888");
  }

  @ParameterizedTest
  @CsvSource({
    "ErrorCode=11200&ErrorUrl=x, 11200",
    "ErrorCode=11205, 11205",
    "ErrorCode=12300, 12300",
    "ErrorCode=30005&ErrorUrl=x, 30005"
  })
  void a_failure_of_our_webhook_is_none_of_the_message(String fields, String code) {
    MessageEvent message = received("Body=hi&" + fields);

    assertThat(message.getError()).isNull();
    assertThat(message.getAttributes()).containsEntry("webhookErrorCode", code);
  }

  @Test
  void an_inbound_message_of_event_streams_has_the_same_content() {
    MessageEvent message =
        event(
            json(
                "twilio",
                "{\"id\":\"EZ1\",\"type\":\"com.twilio.messaging.inbound-message.received\",\"data\":{"
                    + "\"messageSid\":\"SM1\",\"from\":\"whatsapp:+34600111222\",\"body\":\"STOP\","
                    + "\"numMedia\":\"0\",\"optOutType\":\"STOP\",\"external_user_id\":\"ES.1\"}}"));

    assertThat(message.getAttributes())
        .containsEntry("optOutType", "STOP")
        .containsEntry("messageType", "text");
    assertThat(message.getAliases()).containsExactly("ES.1");
  }

  private static final String CONVERSATION =
      "AccountSid=AC1&ConversationSid=CH1&MessageSid=IM1&DateCreated=2026-05-31T10%3A00%3A00.5Z&";

  @Test
  void a_message_of_a_person_in_a_conversation_is_received() {
    MessageEvent message =
        event(
            form(
                CONVERSATION
                    + "EventType=onMessageAdded&Author=whatsapp%3A%2B34600111222&Source=WHATSAPP&Body=hi"
                    + "&Media=%5B%7B%22Sid%22%3A%22ME1%22%2C%22ContentType%22%3A%22image%2Fpng%22%7D%5D"));

    assertThat(message.getStatus()).isEqualTo(Status.RECEIVED);
    assertThat(message.getMessageId()).isEqualTo("IM1");
    assertThat(message.getUserId()).isEqualTo("34600111222");
    assertThat(message.getChannel()).isEqualTo("WHATSAPP");
    assertThat(message.getDirection()).isEqualTo(Direction.INBOUND);
    assertThat(message.getBody()).isEqualTo("hi");
    assertThat(message.getEventTime())
        .isEqualTo(Instant.parse("2026-05-31T10:00:00.5Z").toEpochMilli());
    assertThat(message.getAttributes())
        .containsEntry("messageType", "image")
        .containsEntry("mediaId", "ME1")
        .containsEntry("conversationSid", "CH1");
  }

  @Test
  void media_of_a_conversation_that_are_not_json_are_left_out() {
    String form =
        CONVERSATION
            + "EventType=onMessageAdded&Author=%2B34600111222&Source=SMS&Body=hi&Media=%5B%7B";

    assertThat(event(form(form)).getBody()).isEqualTo("hi");
  }

  @ParameterizedTest
  @CsvSource({"onMessageUpdated, edit, new", "onMessageRemoved, revoke, "})
  void a_change_of_a_persons_message_belongs_to_it(String type, String word, String body) {
    MessageEvent change =
        event(form(CONVERSATION + "Author=%2B34600111222&Source=SMS&Body=new&EventType=" + type));

    assertThat(change.getStatus()).isEqualTo(Status.ANNOTATION);
    assertThat(change.getProviderStatus()).isEqualTo(word);
    assertThat(change.getMessageId()).isEqualTo("IM1");
    assertThat(change.getBody()).isEqualTo(body);
    assertThat(change.getEventTime()).isEqualTo(Webhooks.RECEIVED_AT);
  }

  @Test
  void two_updates_without_a_time_are_two_events() {
    String update = CONVERSATION + "Author=%2B34600111222&Source=SMS&EventType=onMessageUpdated";

    assertThat(event(form(update + "&Body=a")).getEventId())
        .isNotEqualTo(event(form(update + "&Body=b")).getEventId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EventType=onMessageAdded&Author=agent-7&Source=SDK&ClientIdentity=agent-7&Body=x",
        "EventType=onMessageAdded&Author=agent-7&Source=API&Body=x",
        "EventType=onMessageUpdated&Author=agent-7&Source=SDK&Body=x",
        "EventType=onMessageRemoved&Author=agent-7&Source=SDK",
        "EventType=onMessageAdd&Author=%2B34600111222&Source=SMS&Body=x",
        "EventType=onConversationAdded",
        "EventType=onParticipantAdded&Identity=agent-7"
      })
  void other_events_of_a_conversation_are_no_messages(String form) {
    assertThat(rejection(form(CONVERSATION + form)).reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_EVENT);
  }

  @ParameterizedTest
  @CsvSource({
    "sent, SENT",
    "delivered, DELIVERED",
    "read, READ",
    "failed, FAILED",
    "undelivered, FAILED"
  })
  void a_delivery_receipt_is_a_status_of_the_channels_message(String word, Status status) {
    MessageEvent receipt =
        event(
            form(
                CONVERSATION
                    + "EventType=onDeliveryUpdated&ChannelMessageSid=SM9&ErrorCode=0&Status="
                    + word));

    assertThat(receipt.getMessageId()).isEqualTo("SM9");
    assertThat(receipt.getChannel()).isEqualTo("OTHER");
    assertThat(receipt.getStatus()).isEqualTo(status);
    assertThat(receipt.getDirection()).isEqualTo(Direction.OUTBOUND);
    assertThat(receipt.getError()).isNull();
    assertThat(receipt.getAttributes()).containsEntry("conversationMessageSid", "IM1");
  }
}
