package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.outcomes;
import static io.postflight.topology.normalize.Webhooks.rejection;
import static io.postflight.topology.normalize.Webhooks.whatsAppStatuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits, people, answers and other traffic of the WhatsApp Cloud API. */
class WhatsAppChangesTest {
  private static RawWebhook value(String field, String value) {
    return json(
        "whatsapp",
        "{\"entry\":[{\"changes\":[{\"value\":{\"metadata\":{\"display_phone_number\":\"349\"},%s},\"field\":\"%s\"}]}]}"
            .formatted(value, field));
  }

  private static RawWebhook message(String fields) {
    return value(
        "messages",
        "\"messages\":[{\"id\":\"wamid.NEW\",\"from\":\"34600111222\",\"timestamp\":\"1760700001\",%s}]"
            .formatted(fields));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"text","text":{"body":"fixed"}}            | text
          {"type":"image","image":{"caption":"fixed","id":"9"}} | image
          {"type":"video","video":{"caption":"fixed"}}       | video
          """)
  void an_edit_belongs_to_the_original(String content, String type) {
    MessageEvent edit =
        event(
            message(
                "\"type\":\"edit\",\"edit\":{\"original_message_id\":\"wamid.ORIG\",\"message\":"
                    + content
                    + "}"));

    assertThat(edit.getMessageId()).isEqualTo("wamid.ORIG");
    assertThat(edit.getStatus()).isEqualTo(Status.ANNOTATION);
    assertThat(edit.getProviderStatus()).isEqualTo("edit");
    assertThat(edit.getBody()).isEqualTo("fixed");
    assertThat(edit.getUserId()).isEqualTo("34600111222");
    assertThat(edit.getDirection()).isEqualTo(Direction.INBOUND);
    assertThat(edit.getAttributes()).containsEntry("messageType", type);
  }

  @Test
  void an_edit_of_no_message_is_rejected() {
    assertThat(rejection(message("\"type\":\"revoke\",\"revoke\":{}")).reason())
        .isEqualTo(RejectionReason.MISSING_MESSAGE_ID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"calls", "history", "smb_app_state_sync", "group_participants_update"})
  void lists_of_another_field_are_no_messages(String field) {
    String message = "\"messages\":[{\"id\":\"m\",\"from\":\"1\",\"type\":\"text\"}]";
    String status = "\"statuses\":[{\"id\":\"m\",\"status\":\"sent\"}]";

    assertThat(rejection(value(field, message + "," + status)).reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_EVENT);
  }

  @Test
  void the_status_of_a_call_is_none_of_a_message() {
    String call = "{\"id\":\"wacid.1\",\"status\":\"ACCEPTED\",\"type\":\"call\"}";

    assertThat(rejection(json("whatsapp", whatsAppStatuses(call))).reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_EVENT);
  }

  @Test
  void a_status_names_all_ids_of_its_recipient() {
    MessageEvent status =
        event(
            value(
                "messages",
                "\"statuses\":[{\"id\":\"m\",\"status\":\"sent\",\"recipient_id\":\"34600111222\"}],"
                    + "\"contacts\":[{\"wa_id\":\"34600111222\",\"user_id\":\"ES.1\","
                    + "\"parent_user_id\":\"ES.ENT.2\"}]"));

    assertThat(status.getUserId()).isEqualTo("34600111222");
    assertThat(status.getAliases()).containsExactly("ES.1", "ES.ENT.2");
  }

  @Test
  void of_several_contacts_the_one_with_the_id_adds_the_others() {
    assertThat(
            events(
                value(
                    "messages",
                    "\"messages\":[{\"id\":\"a\",\"from\":\"1\",\"type\":\"text\"},"
                        + "{\"id\":\"b\",\"from_user_id\":\"ES.2\",\"type\":\"text\"},"
                        + "{\"id\":\"c\",\"from\":\"3\",\"type\":\"text\"}],"
                        + "\"contacts\":[{\"wa_id\":\"1\",\"user_id\":\"ES.1\"},"
                        + "{\"wa_id\":\"2\",\"user_id\":\"ES.2\"}]")))
        .extracting(event -> event.getUserId() + event.getAliases())
        .containsExactly("1[ES.1]", "ES.2[2]", "3[]");
  }

  @Test
  void a_contact_that_is_someone_else_adds_no_alias() {
    MessageEvent message =
        event(
            value(
                "messages",
                "\"messages\":[{\"id\":\"a\",\"from\":\"1\",\"type\":\"text\"}],"
                    + "\"contacts\":[{\"wa_id\":\"2\",\"user_id\":\"ES.2\"}]"));

    assertThat(message.getAliases()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "wa_id":"34600111222","user_id":"ES.1" | Ana
          "user_id":"ES.1"                       | Ana
          "input":"34600111222"                  | Ana
          "wa_id":"34600111999"                  |
          "user_id":"ES.9"                       |
          """)
  void the_profile_is_that_of_the_contact_with_an_id_of_the_sender(String ids, String name) {
    MessageEvent message =
        event(
            value(
                "messages",
                """
                "messages":[{"id":"a","from":"34600111222","from_user_id":"ES.1","type":"text"}],
                "contacts":[{"profile":{"name":"Ana","username":"ana"},%s}]"""
                    .formatted(ids)));

    assertThat(message.getAttributes().get("profileName")).isEqualTo(name);
    assertThat(message.getAttributes().containsKey("username")).isEqualTo(name != null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"button_reply","button_reply":{"id":"p","title":"a"}}    | a | p
          {"type":"list_reply","list_reply":{"id":"p","title":"a"}}        | a | p
          {"type":"nfm_reply","nfm_reply":{"body":"a","response_json":"{}"}} | a |
          {"type":"call_permission_reply","call_permission_reply":{"response":"accept"}} | accept |
          {"type":"unknown_reply","unknown_reply":{"id":"p","text":"a"}} | a | p
          """)
  void the_answer_is_the_body(String interactive, String body, String payload) {
    MessageEvent answer = event(message("\"type\":\"interactive\",\"interactive\":" + interactive));

    assertThat(answer.getStatus()).isEqualTo(Status.RECEIVED);
    assertThat(answer.getBody()).isEqualTo(body);
    assertThat(answer.getAttributes().get("payload")).isEqualTo(payload);
    assertThat(answer.getAttributes()).containsKey("interactiveType");
  }

  @ParameterizedTest
  @CsvSource({"edit, true", "pin, true", "poll_creation, false", "pool, false"})
  void a_change_that_names_no_message_is_unsupported(String type, boolean control) {
    RawWebhook webhook =
        message("\"type\":\"unsupported\",\"unsupported\":{\"type\":\"" + type + "\"}");

    assertThat(outcomes(webhook))
        .singleElement()
        .satisfies(
            outcome -> assertThat(outcome instanceof Outcome.Rejected).as(type).isEqualTo(control));
  }

  @Test
  void an_unknown_type_keeps_its_name() {
    assertThat(event(message("\"type\":\"hologram\",\"hologram\":{\"id\":\"1\"}")).getAttributes())
        .containsEntry("messageType", "hologram");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":131051,\"title\":\"T\",\"error_data\":{\"details\":\"D\"}}",
        "{\"code\":131051,\"title\":\"T\",\"details\":\"D\"}",
        "{\"code\":131051,\"title\":\"T\",\"message\":\"D\"}",
        "{\"code\":1.31051E5,\"title\":\"T\",\"error_data\":\"D\"}"
      })
  void details_of_an_error_are_found_wherever_they_stand(String error) {
    assertErrorIsFound("\"errors\":[" + error + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":131051,\"title\":\"T\",\"error_data\":{\"details\":\"D\"}}",
        "{\"code\":131051,\"title\":\"T\",\"details\":\"D\"}"
      })
  void an_error_without_a_list_around_it_is_found(String error) {
    String errors = "\"errors\":" + error;
    assertErrorIsFound(errors);

    String status = "{\"id\":\"m\",\"status\":\"failed\"," + errors + "}";
    assertThat(event(json("whatsapp-onprem", "{\"statuses\":[" + status + "]}")).getError())
        .isEqualTo(new EventError("131051", "T", "D"));
  }

  private static void assertErrorIsFound(String errors) {
    EventError expected = new EventError("131051", "T", "D");
    String status = "{\"id\":\"m\",\"status\":\"failed\"," + errors + "}";

    assertThat(event(message("\"type\":\"unsupported\"," + errors)).getError()).isEqualTo(expected);
    assertThat(event(json("whatsapp", whatsAppStatuses(status))).getError()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"user_changed_number","wa_id":"34600111333"}          | 34600111333
          {"type":"customer_changed_number","new_wa_id":"34600111333"}  | 34600111333
          {"type":"user_changed_user_id","user_id":"ES.2","previous_user_id":"ES.1"} | ES.2
          """)
  void a_notice_of_a_change_names_the_other_id(String system, String alias) {
    MessageEvent notice = event(message("\"type\":\"system\",\"system\":" + system));

    assertThat(notice.getStatus()).isEqualTo(Status.ANNOTATION);
    assertThat(notice.getUserId()).isEqualTo("34600111222");
    assertThat(notice.getAliases()).contains(alias);
  }
}
