package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.RECEIVED_AT;
import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.fixture;
import static io.postflight.topology.normalize.Webhooks.form;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.outcomes;
import static io.postflight.topology.normalize.Webhooks.rejection;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioAdapterTest {
  @ParameterizedTest
  @CsvSource({
    "accepted, ACCEPTED",
    "scheduled, ACCEPTED",
    "queued, QUEUED",
    "sending, SENDING",
    "sent, SENT",
    "delivered, DELIVERED",
    "undelivered, FAILED",
    "failed, FAILED",
    "read, READ",
    "receiving, RECEIVED",
    "received, RECEIVED",
    "canceled, CANCELED",
    "partially_delivered, ANNOTATION"
  })
  void each_provider_status_maps_to_a_canonical_status(String word, Status status) {
    assertThat(event(form("MessageSid=SM1&MessageStatus=" + word)).getStatus()).isEqualTo(status);
  }

  @Test
  void a_form_sent_twice_minutes_apart_is_one_event() {
    String form = "MessageSid=SM1&MessageStatus=delivered&To=%2B34600111222";
    MessageEvent first = event(form(form, RECEIVED_AT));
    MessageEvent second = event(form(form, RECEIVED_AT + 7 * 60_000));

    assertThat(second.getEventId()).isEqualTo(first.getEventId());
    assertThat(second.getEventTime()).isEqualTo(RECEIVED_AT + 7 * 60_000);
    assertThat(second.getEventTimeSource()).isEqualTo(EventTimeSource.ARRIVAL);
  }

  @ParameterizedTest
  @CsvSource({
    "%2B34600111222, SMS, 34600111222, +34600111222",
    "whatsapp%3A%2B34600111222, WHATSAPP, 34600111222, whatsapp:+34600111222",
    "messenger%3A34600111222, MESSENGER, messenger:34600111222, messenger:34600111222",
    "rcs%3A%2B34600111222, RCS, 34600111222, rcs:+34600111222",
    "2021, SMS, 2021, 2021"
  })
  void an_address_names_channel_and_user(String to, String channel, String user, String recipient) {
    MessageEvent event = event(form("MessageSid=SM1&MessageStatus=sent&To=" + to));

    assertThat(event.getChannel()).isEqualTo(channel);
    assertThat(event.getUserId()).isEqualTo(user);
    assertThat(event.getRecipient()).isEqualTo(recipient);
  }

  @Test
  void a_failure_has_its_code() {
    MessageEvent failed =
        event(form("MessageSid=SM1&MessageStatus=failed&ErrorCode=30005&ErrorMessage=Unknown+one"));

    assertThat(failed.getError()).isEqualTo(new EventError("30005", "Unknown one", null));
  }

  @Test
  void an_inbound_form_is_a_received_message() {
    MessageEvent message =
        event(
            form(
                "MessageSid=SM1&SmsStatus=received&From=%2B34600111222&To=%2B1555"
                    + "&Body=caf%C3%A9+%26+more&NumMedia=1&MediaContentType0=image%2Fpng"));

    assertThat(message.getStatus()).isEqualTo(Status.RECEIVED);
    assertThat(message.getDirection()).isEqualTo(Direction.INBOUND);
    assertThat(message.getUserId()).isEqualTo("34600111222");
    assertThat(message.getBody()).isEqualTo("café & more");
    assertThat(message.getAttributes()).containsEntry("messageType", "image");
  }

  @Test
  void event_streams_have_their_own_time_and_price() {
    Outcome first = outcomes(fixture("twilio", "twilio-events.json")).get(0);

    assertThat(first)
        .isInstanceOfSatisfying(
            Outcome.Accepted.class,
            accepted -> {
              MessageEvent event = accepted.event();
              assertThat(event.getStatus()).isEqualTo(Status.DELIVERED);
              assertThat(event.getChannel()).isEqualTo("WHATSAPP");
              assertThat(event.getEventTime()).isEqualTo(1774756856753L);
              assertThat(event.getPrice()).isEqualTo(new Price("0.00750", "USD", null, null));
            });
  }

  @Test
  void valid_events_of_event_streams_are_accepted_and_others_rejected_by_index() {
    List<Outcome> outcomes = outcomes(fixture("twilio", "twilio-events.json"));

    assertThat(outcomes)
        .extracting(
            outcome ->
                outcome instanceof Outcome.Accepted good
                    ? good.event().getStatus().name()
                    : ((Outcome.Rejected) outcome).reason().name())
        .containsExactly("DELIVERED", "RECEIVED", "FAILED", "UNSUPPORTED_EVENT", "MALFORMED_BODY");
  }

  @Test
  void events_with_two_cloud_events_ids_are_two() {
    assertThat(cloudEvent("EZ1").getEventId()).isNotEqualTo(cloudEvent("EZ2").getEventId());
  }

  @Test
  void a_status_is_accepted_whatever_its_cloud_events_id() {
    for (String id : List.of("\\u0000", "\\ud800", "x".repeat(600))) {
      assertThat(cloudEvent(id).getStatus()).isEqualTo(Status.SENT);
    }
  }

  private static MessageEvent cloudEvent(String id) {
    return event(
        json(
            "twilio",
            "{\"id\":\"%s\",\"type\":\"com.twilio.messaging.message.sent\",\"data\":{\"messageSid\":\"SM1\"}}"
                .formatted(id)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "id":1.5,"data":{"messageSid":"SM1"}           | id
          "id":"EZ1","data":{"messageSid":false}         | data.messageSid
          "id":"EZ1","data":{"messageSid":"SM1","to":1.5} | data.to
          """)
  void an_id_of_event_streams_is_a_text_or_a_whole_number(String fields, String named) {
    String body = "{\"type\":\"com.twilio.messaging.message.sent\"," + fields + "}";

    assertThat(rejection(json("twilio", body)).detail())
        .isEqualTo("'" + named + "' is neither a string nor a whole number");
  }

  @ParameterizedTest
  @CsvSource({
    "MessageSid=SM1&MessageStatus=huh, UNKNOWN_STATUS",
    "MessageStatus=sent, MISSING_MESSAGE_ID",
    "MessageSid=&MessageStatus=sent, MISSING_MESSAGE_ID",
    "MessageSid=SM1, MALFORMED_BODY",
    "hello, MALFORMED_BODY",
    "MessageSid=SM1&MessageStatus=sent&To=%2, MALFORMED_BODY",
    "MessageSid=SM1&MessageStatus=sent&To=%FF, MALFORMED_BODY",
    "AccountSid=AC1&CallSid=CA1&CallStatus=completed, UNSUPPORTED_EVENT"
  })
  void callbacks_without_a_message_status_are_rejected(String form, RejectionReason reason) {
    assertThat(rejection(form(form)).reason()).isEqualTo(reason);
  }

  @Test
  void an_empty_array_has_no_events() {
    assertThat(outcomes(json("twilio", "[]"))).isEmpty();
  }
}
