package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.outcomes;
import static io.postflight.topology.normalize.Webhooks.rejection;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ids of a person before and after a change, in the field {@code user_id_update}. */
class WhatsAppIdUpdatesTest {
  private static RawWebhook change(String field, String value) {
    return json(
        "whatsapp",
        """
        {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{
          "messaging_product":"whatsapp",
          "metadata":{"display_phone_number":"34900000001","phone_number_id":"5"},%s},
          "field":"%s"}]}]}"""
            .formatted(value, field));
  }

  private static RawWebhook updates(String updates) {
    return change("user_id_update", "\"user_id_update\":" + updates);
  }

  @Test
  void an_update_names_the_person_by_all_ids() {
    MessageEvent update =
        event(
            change(
                "user_id_update",
                """
                "contacts":[{"profile":{"name":"Ana","username":"ana.g"},"wa_id":"34600111222"}],
                "user_id_update":[{"wa_id":"34600111222",
                  "detail":"User id for Ana has been updated.",
                  "user_id":{"previous":"ES.1001","current":"ES.2002"},
                  "parent_user_id":{"previous":"ES.ENT.31","current":"ES.ENT.32"},
                  "timestamp":"1772352000"}]"""));

    assertThat(update.getUserId()).isEqualTo("34600111222");
    assertThat(update.getAliases()).containsExactly("ES.1001", "ES.2002", "ES.ENT.31", "ES.ENT.32");
    assertThat(update.getFormerIds()).isEmpty();
    assertThat(update.getStatus()).isEqualTo(Status.ANNOTATION);
    assertThat(update.getProviderStatus()).isEqualTo("user_id_update");
    assertThat(update.getDirection()).isEqualTo(Direction.INBOUND);
    assertThat(update.getChannel()).isEqualTo("WHATSAPP");
    assertThat(update.getRecipient()).isEqualTo("34900000001");
    assertThat(update.getBody()).isEqualTo("User id for Ana has been updated.");
    assertThat(Instant.ofEpochMilli(update.getEventTime())).isEqualTo("2026-03-01T08:00:00Z");
    assertThat(update.getAttributes())
        .containsEntry("systemType", "user_id_update")
        .containsEntry("username", "ana.g");
  }

  @Test
  void without_a_number_the_business_scoped_ids_are_linked() {
    MessageEvent update =
        event(updates("[{\"user_id\":{\"previous\":\"ES.1001\",\"current\":\"ES.2002\"}}]"));

    assertThat(update.getUserId()).isEqualTo("ES.1001");
    assertThat(update.getAliases()).containsExactly("ES.2002");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"user_id_update\":{\"user_id\":{\"previous\":\"ES.1001\",\"current\":\"ES.2002\"}}",
        "\"user_id_update\":[{\"previous_user_id\":\"ES.1001\",\"user_id\":\"ES.2002\"}]",
        "\"user_id_update\":{\"previous\":\"ES.1001\",\"current\":\"ES.2002\"}",
        "\"user_id\":{\"previous\":\"ES.1001\",\"current\":\"ES.2002\"},\"timestamp\":1772352000",
        "\"previous_user_id\":\"ES.1001\",\"current_user_id\":\"ES.2002\"",
        "\"previous\":{\"user_id\":\"ES.1001\"},\"current\":{\"user_id\":\"ES.2002\"}",
        "\"user_id_update\":null,\"previous\":\"ES.1001\",\"current\":\"ES.2002\""
      })
  void the_ids_may_stand_in_the_list_in_an_object_or_in_the_value(String value) {
    MessageEvent update = event(change("user_id_update", value));

    assertThat(update.getUserId()).isEqualTo("ES.1001");
    assertThat(update.getAliases()).containsExactly("ES.2002");
    assertThat(update.getMessageId()).isEqualTo("user_id_update/ES.1001/ES.2002");
  }

  @Test
  void a_number_that_the_person_has_left_is_a_former_id() {
    MessageEvent update =
        event(
            updates(
                """
                [{"wa_id":{"previous":"34600111222","current":"34600111333"},
                  "user_id":{"previous":"ES.1001","current":"ES.2002"}}]"""));

    assertThat(update.getUserId()).isEqualTo("34600111333");
    assertThat(update.getAliases()).containsExactly("34600111222", "ES.1001", "ES.2002");
    assertThat(update.getFormerIds()).containsExactly("34600111222");
  }

  @Test
  void an_update_that_is_sent_again_is_the_same_event() {
    String update =
        "{\"user_id\":{\"previous\":\"ES.1\",\"current\":\"ES.2\"},\"timestamp\":\"1772352000\"}";

    assertThat(events(updates("[" + update + "," + update + "]")))
        .extracting(MessageEvent::getEventId)
        .hasSize(2)
        .containsOnly(event(updates("[" + update + "]")).getEventId());
  }

  @Test
  void an_invalid_update_among_valid_ones_is_rejected_alone() {
    String valid = "{\"user_id\":{\"previous\":\"ES.1\",\"current\":\"ES.2\"}}";

    assertThat(
            outcomes(
                updates(
                    "["
                        + valid
                        + ",7,{\"user_id\":{\"previous\":\"ES.1\"}},{\"wa_id\":\"34600111222\"},"
                        + "{\"user_id\":{\"previous\":1.5,\"current\":\"ES.2\"}},"
                        + valid
                        + "]")))
        .extracting(
            outcome -> outcome instanceof Outcome.Rejected bad ? bad.reason().name() : "event")
        .containsExactly(
            "event",
            "MALFORMED_BODY",
            "MALFORMED_BODY",
            "MALFORMED_BODY",
            "MALFORMED_BODY",
            "event");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          user_id_update   | "user_id_update":[]                                        | UNSUPPORTED_EVENT
          user_id_update   | "statuses":[{"id":"m","status":"sent"}]                    | UNSUPPORTED_EVENT
          user_id_update   | "user_id_update":"x"                                       | MALFORMED_BODY
          user_preferences | "user_id":"ES.1","previous":"ES.0"                         | UNSUPPORTED_EVENT
          account_update   | "user_id_update":[{"previous":"ES.1","current":"ES.2"}]    | UNSUPPORTED_EVENT
          messages         | "user_id":{"previous":"ES.1","current":"ES.2"}             | UNSUPPORTED_EVENT
          """)
  void other_changes_name_no_person(String field, String value, RejectionReason reason) {
    assertThat(rejection(change(field, value)).reason()).isEqualTo(reason);
  }

  @Test
  void an_update_beside_messages_is_read_with_them() {
    assertThat(
            events(
                change(
                    "messages",
                    """
                    "user_id_update":[{"user_id":{"previous":"ES.1","current":"ES.2"}}],
                    "messages":[{"id":"m","from":"34600111222","type":"text"}]""")))
        .extracting(MessageEvent::getStatus)
        .containsExactly(Status.RECEIVED, Status.ANNOTATION);
  }

  @Test
  void other_fields_of_a_value_do_not_disturb_its_messages() {
    MessageEvent message =
        event(
            change(
                "messages",
                """
                "user_id":{"previous":[[{}]]},"timestamp":[1],
                "messages":[{"id":"m","from":"34600111222","type":"text","text":{"body":"a"}}]"""));

    assertThat(message.getStatus()).isEqualTo(Status.RECEIVED);
    assertThat(message.getAliases()).isEmpty();
  }
}
