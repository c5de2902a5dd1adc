package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static io.postflight.topology.normalize.Webhooks.fixture;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.outcomes;
import static io.postflight.topology.normalize.Webhooks.rejection;
import static io.postflight.topology.normalize.Webhooks.whatsAppStatus;
import static io.postflight.topology.normalize.Webhooks.whatsAppStatuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Outcome;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhatsAppAdapterTest {
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
    "READ, READ"
  })
  void each_provider_status_maps_to_a_canonical_status(String word, Status status) {
    MessageEvent event =
        event(json("whatsapp", whatsAppStatuses(whatsAppStatus("m1", word, "1760700001"))));

    assertThat(event.getStatus()).isEqualTo(status);
    assertThat(event.getProviderStatus()).isEqualTo(word);
    assertThat(event.getType()).isEqualTo("message." + status.name().toLowerCase(Locale.ROOT));
  }

  @Test
  void all_statuses_of_a_post_are_read_in_their_order() {
    assertThat(events(fixture("whatsapp", "whatsapp-lifecycle.json")))
        .extracting(MessageEvent::getMessageId, MessageEvent::getStatus)
        .containsExactly(
            tuple("wamid.A1==", Status.SENT),
            tuple("wamid.A1==", Status.DELIVERED),
            tuple("wamid.A1==", Status.READ),
            tuple("wamid.A2==", Status.FAILED));
  }

  @Test
  void a_status_carries_price_conversation_and_callback_data() {
    MessageEvent sent = events(fixture("whatsapp", "whatsapp-lifecycle.json")).get(0);

    assertThat(sent.getPrice()).isEqualTo(new Price(null, null, "utility", true));
    assertThat(sent.getAttributes())
        .containsEntry("conversationId", "c-77")
        .containsEntry("conversationOrigin", "utility")
        .containsEntry("pricingModel", "PMP")
        .containsEntry("bizOpaqueCallbackData", "order-9");
  }

  @Test
  void metadata_after_the_statuses_still_counts() {
    MessageEvent sent = events(fixture("whatsapp", "whatsapp-lifecycle.json")).get(0);

    assertThat(sent.getSender()).isEqualTo("34900000001");
    assertThat(sent.getAttributes()).containsEntry("phoneNumberId", "5550001");
    assertThat(sent.getUserId()).isEqualTo("34600111222");
    assertThat(sent.getRecipient()).isEqualTo("34600111222");
    assertThat(sent.getDirection()).isEqualTo(Direction.OUTBOUND);
    assertThat(sent.getChannel()).isEqualTo("WHATSAPP");
  }

  @Test
  void delivered_and_read_of_one_second_are_two_events() {
    List<MessageEvent> events = events(fixture("whatsapp", "whatsapp-lifecycle.json"));

    assertThat(events.get(1).getEventTime()).isEqualTo(events.get(2).getEventTime());
    assertThat(events.get(1).getEventId()).isNotEqualTo(events.get(2).getEventId());
  }

  @Test
  void a_failure_has_an_error() {
    MessageEvent failed = events(fixture("whatsapp", "whatsapp-lifecycle.json")).get(3);

    assertThat(failed.getError())
        .isEqualTo(
            new EventError("131026", "Message undeliverable", "The recipient cannot be reached."));
  }

  @Test
  void a_failure_without_a_code_keeps_its_title() {
    MessageEvent failed =
        event(
            json(
                "whatsapp",
                whatsAppStatuses(
                    "{\"id\":\"m\",\"status\":\"failed\",\"timestamp\":\"1760700001\","
                        + "\"errors\":[{\"title\":\"No reason\"}]}")));

    assertThat(failed.getError()).isEqualTo(new EventError(null, "No reason", null));
    assertThat(failed.getUserId()).isNull();
  }

  @Test
  void a_payment_that_failed_is_no_failed_message() {
    MessageEvent payment =
        event(
            json(
                "whatsapp",
                whatsAppStatuses("{\"id\":\"m\",\"status\":\"failed\",\"type\":\"payment\"}")));

    assertThat(payment.getStatus()).isEqualTo(Status.ANNOTATION);
  }

  @Test
  void inbound_messages_have_their_type_and_text() {
    assertThat(events(fixture("whatsapp", "whatsapp-inbound.json")))
        .allSatisfy(
            message -> {
              assertThat(message.getStatus()).isEqualTo(Status.RECEIVED);
              assertThat(message.getDirection()).isEqualTo(Direction.INBOUND);
              assertThat(message.getUserId()).isEqualTo("34600111222");
              assertThat(message.getSender()).isEqualTo("34600111222");
              assertThat(message.getRecipient()).isEqualTo("34900000001");
              assertThat(message.getAttributes()).containsEntry("profileName", "Ada");
            })
        .extracting(message -> message.getAttributes().get("messageType"), MessageEvent::getBody)
        .containsExactly(
            tuple("text", "hola 👋"),
            tuple("image", "the invoice"),
            tuple("reaction", null),
            tuple("location", null),
            tuple("order", "quick please"),
            tuple("interactive", "Tuesday"));
  }

  @Test
  void inbound_messages_keep_their_references() {
    List<MessageEvent> inbound = events(fixture("whatsapp", "whatsapp-inbound.json"));

    assertThat(inbound.get(0).getAttributes()).containsEntry("replyTo", "wamid.A1==");
    assertThat(inbound.get(1).getAttributes())
        .containsEntry("mediaId", "m-1")
        .containsEntry("mimeType", "image/png");
    assertThat(inbound.get(2).getAttributes())
        .containsEntry("reactionTo", "wamid.A1==")
        .containsEntry("emoji", "👍");
    assertThat(inbound.get(3).getAttributes())
        .containsEntry("latitude", "40.4")
        .containsEntry("longitude", "-3.7");
    assertThat(inbound.get(4).getAttributes())
        .containsEntry("products", "[{\"product_retailer_id\":\"SKU1\",\"quantity\":2}]");
    assertThat(inbound.get(5).getAttributes()).containsEntry("payload", "row-2");
  }

  @Test
  void in_a_group_the_user_is_the_participant() {
    assertThat(events(fixture("whatsapp", "whatsapp-group.json")))
        .extracting(MessageEvent::getUserId)
        .containsExactly("34600111222", "34600111333", "ES.901", null);
  }

  @Test
  void two_participants_who_read_in_one_second_are_two_events() {
    assertThat(events(fixture("whatsapp", "whatsapp-group.json")))
        .extracting(MessageEvent::getEventId)
        .doesNotHaveDuplicates();
  }

  @Test
  void a_user_without_a_number_has_the_business_scoped_id() {
    MessageEvent event =
        event(
            json(
                "whatsapp",
                whatsAppStatuses(
                    "{\"id\":\"m\",\"status\":\"sent\",\"recipient_id\":\"\","
                        + "\"recipient_user_id\":\"US.77\"}")));

    assertThat(event.getUserId()).isEqualTo("US.77");
  }

  @Test
  void an_unknown_status_is_rejected_by_name() {
    Outcome.Rejected rejected =
        rejection(
            json("whatsapp", whatsAppStatuses(whatsAppStatus("m1", "in_orbit", "1760700001"))));

    assertThat(rejected.reason()).isEqualTo(RejectionReason.UNKNOWN_STATUS);
    assertThat(rejected.detail()).isEqualTo("status 'in_orbit' of whatsapp is not known");
  }

  @Test
  void an_invalid_status_among_valid_ones_is_rejected_alone() {
    List<Outcome> outcomes =
        outcomes(
            json(
                "whatsapp",
                whatsAppStatuses(
                    whatsAppStatus("m1", "sent", "1760700001")
                        + ",{\"status\":\"read\"},17,{\"id\":{\"a\":1},\"status\":\"read\"},"
                        + whatsAppStatus("m2", "read", "1760700001"))));

    assertThat(outcomes)
        .extracting(
            outcome -> outcome instanceof Outcome.Rejected bad ? bad.reason().name() : "event")
        .containsExactly(
            "event", "MISSING_MESSAGE_ID", "MALFORMED_BODY", "MALFORMED_BODY", "event");
    assertThat(outcomes).extracting(Outcome::index).containsExactly(0, 1, 2, 3, 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "id":5.5                         | id
          "id":1e+20                       | id
          "id":-0                          | id
          "id":true                        | id
          "id":"m","recipient_id":1.5      | recipient_id
          "id":"m","recipient_user_id":1.5 | recipient_user_id
          """)
  void an_id_that_is_neither_a_text_nor_a_whole_number_is_rejected(String ids, String named) {
    String status = "{\"status\":\"sent\"," + ids + "}";

    assertThat(rejection(json("whatsapp", whatsAppStatuses(status))))
        .returns(RejectionReason.MALFORMED_BODY, Outcome.Rejected::reason)
        .returns(
            "'" + named + "' is neither a string nor a whole number", Outcome.Rejected::detail);
  }

  @ParameterizedTest
  @CsvSource({"5.5, \"x\", id", "\"m\", 5.5, from"})
  void an_id_of_an_inbound_message_is_a_text_or_a_whole_number(
      String id, String from, String named) {
    String body =
        "{\"entry\":[{\"changes\":[{\"field\":\"messages\",\"value\":{\"messages\":["
            + "{\"id\":%s,\"from\":%s,\"type\":\"text\"}]}}]}]}";

    assertThat(rejection(json("whatsapp", body.formatted(id, from))).detail())
        .startsWith("'" + named + "' is neither");
  }

  @Test
  void an_id_may_be_a_whole_number() {
    String status = "{\"id\":17,\"status\":\"sent\",\"recipient_id\":593990000525}";

    MessageEvent event = event(json("whatsapp", whatsAppStatuses(status)));

    assertThat(event.getMessageId()).isEqualTo("17");
    assertThat(event.getUserId()).isEqualTo("593990000525");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"entry":[]}
          {"entry":[{"id":"1"}]}
          {"entry":[{"changes":[{"field":"account_update","value":{"event":"X"}}]}]}
          {"entry":[{"changes":[{"field":"messages","value":{"errors":[{"code":0}]}}]}]}
          {"entry":[{"changes":[{"field":"messages","value":{"statuses":[]}}]}]}
          """)
  void changes_without_message_events_are_unsupported(String body) {
    assertThat(rejection(json("whatsapp", body)).reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_EVENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}
          []
          7
          "x"
          {"entry":{}}
          {"entry":[]} {"entry":[]}
          {"entry":[
          entry=1
          """)
  void a_body_that_is_no_webhook_of_whatsapp_is_malformed(String body) {
    assertThat(rejection(json("whatsapp", body)).reason())
        .isEqualTo(RejectionReason.MALFORMED_BODY);
  }
}
