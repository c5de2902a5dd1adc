package io.postflight.topology.adapter;

import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.outcomes;
import static io.postflight.topology.normalize.Webhooks.rejection;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventJson;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Outcome;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventsAdapterTest {
  private static final String MESSAGE =
      "{\"messageId\":\"m1\",\"userId\":\"u1\",\"type\":\"message.failed\",\"channel\":\"sms\","
          + "\"status\":\"FAILED\",\"providerStatus\":\"undeliv\","
          + "\"eventTime\":\"2026-05-31T10:00:00.250Z\",\"error\":{\"code\":\"7\",\"title\":\"t\"},"
          + "\"price\":{\"amount\":\"0.5\",\"currency\":\"eur\",\"billable\":true},"
          + "\"sender\":\"s\",\"recipient\":\"r\",\"body\":\"b\",\"attributes\":{\"n\":5}}";

  @Test
  void a_message_event_keeps_all_fields() {
    MessageEvent event = event(json("events", MESSAGE));

    assertThat(event.getStatus()).isEqualTo(Status.FAILED);
    assertThat(event.getProviderStatus()).isEqualTo("undeliv");
    assertThat(event.getChannel()).isEqualTo("SMS");
    assertThat(event.getDirection()).isEqualTo(Direction.OUTBOUND);
    assertThat(event.getEventTime())
        .isEqualTo(Instant.parse("2026-05-31T10:00:00.250Z").toEpochMilli());
    assertThat(event.getError()).isEqualTo(new EventError("7", "t", null));
    assertThat(event.getPrice()).isEqualTo(new Price("0.5", "EUR", null, true));
    assertThat(event.getAttributes()).containsEntry("n", "5");
  }

  @Test
  void an_attribute_is_kept_as_text_and_null_is_left_out() {
    MessageEvent event =
        event(
            json(
                "events",
                "{\"userId\":\"u\",\"type\":\"t\",\"attributes\":{\"o\":{\"a\": [1, 2]},"
                    + "\"b\":true,\"f\":1.50,\"n\":null}}"));

    assertThat(event.getAttributes())
        .isEqualTo(Map.of("o", "{\"a\":[1,2]}", "b", "true", "f", "1.50"));
  }

  @Test
  void printed_events_can_be_parsed() {
    MessageEvent event = event(json("events", MESSAGE));

    MessageEvent again = event(json("events", EventJson.event(event)));

    assertThat(again.getStatus()).isEqualTo(event.getStatus());
    assertThat(again.getEventTime()).isEqualTo(event.getEventTime());
    assertThat(again.getPrice()).isEqualTo(event.getPrice());
    assertThat(again.getUserId()).isEqualTo(event.getUserId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"593990000525", "5.93990000525E11", "593990000525.0", "5.93990000525e+11"})
  void a_whole_number_is_one_id_in_every_form(String id) {
    MessageEvent event =
        event(json("events", "{\"messageId\":\"m\",\"status\":\"READ\",\"userId\":" + id + "}"));

    assertThat(event.getUserId()).isEqualTo("593990000525");
  }

  @ParameterizedTest
  @ValueSource(strings = {"message.read", "Message.Read"})
  void a_type_can_give_the_status(String type) {
    assertThat(event(json("events", "{\"messageId\":\"m\",\"type\":\"" + type + "\"}")).getStatus())
        .isEqualTo(Status.READ);
  }

  @Test
  void an_action_needs_no_message() {
    MessageEvent action =
        event(
            json(
                "events",
                "{\"userId\":\"u1\",\"type\":\"product_viewed\","
                    + "\"eventTime\":\"2026-05-31T10:00:00Z\",\"attributes\":{\"sku\":\"x\"}}"));

    assertThat(action.getStatus()).isEqualTo(Status.ACTION);
    assertThat(action.getType()).isEqualTo("product_viewed");
    assertThat(action.getMessageId()).isNull();
    assertThat(action.getDirection()).isEqualTo(Direction.INBOUND);
  }

  @Test
  void actions_that_differ_in_an_attribute_only_are_two() {
    String action =
        "{\"userId\":\"u1\",\"type\":\"v\",\"eventTime\":1780000000000,\"attributes\":{%s}}";

    MessageEvent one = event(json("events", action.formatted("\"a\":\"1\",\"b\":\"2\"")));
    MessageEvent same = event(json("events", action.formatted("\"b\":\"2\",\"a\":\"1\"")));
    MessageEvent other = event(json("events", action.formatted("\"a\":\"1\",\"b\":\"3\"")));

    assertThat(same.getEventId()).isEqualTo(one.getEventId());
    assertThat(other.getEventId()).isNotEqualTo(one.getEventId());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"product_viewed"}                                   | MALFORMED_BODY
          {"userId":"u1"}                                             | MALFORMED_BODY
          {"userId":"u1","status":"READ"}                             | MISSING_MESSAGE_ID
          {"messageId":"m","status":"in_orbit"}                       | UNKNOWN_STATUS
          {"messageId":"m"}                                           | MALFORMED_BODY
          {"messageId":"m","userId":"u","type":"x","status":"ACTION"} | MALFORMED_BODY
          {"messageId":"m","status":"READ","eventTime":"yesterday"}   | MALFORMED_BODY
          {"messageId":"m","status":"READ","direction":"sideways"}    | MALFORMED_BODY
          {"messageId":"m","status":"READ","channel":"a b"}           | MALFORMED_BODY
          {"messageId":"m","status":"READ","price":{"amount":"1e9"}}  | MALFORMED_BODY
          7                                                           | MALFORMED_BODY
          """)
  void invalid_events_are_rejected(String body, RejectionReason reason) {
    assertThat(rejection(json("events", body)).reason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"mesageId":"m","status":"READ"}                   | there is no field 'mesageId'; did you mean 'messageId'?
          {"messageId":"m","status":"READ","colour":"red"}   | there is no field 'colour'; allowed: aliases, attributes, body, channel,
          {"messageId":"m","status":"READ","x":{"y":[]}}     | there is no field 'x'; allowed: aliases, attributes, body, channel,
          {"messageId":"m","status":"READ","error":{"cod":1}} | there is no field 'error.cod'; did you mean 'code'?
          {"messageId":"m","status":"READ","error":"131047"} | error must be an object
          {"messageId":"m","status":"READ","attributes":[1]} | attributes must be an object
          {"messageId":"m","status":"READ","body":{"a":1}}   | body must be a text or a number
          {"messageId":"m","status":"READ","eventTime":[26]} | eventTime must be a text or a number
          {"messageId":"m","status":"READ","eventTime":"x"}  | allowed: RFC 3339, epoch seconds or milliseconds
          {"messageId":"m","status":"READ","price":{"billable":"perhaps"}} | price.billable is neither true nor false
          {"messageId":"m","status":"in_orbit"}              | status 'in_orbit' of events is not known; allowed: ACCEPTED,
          {"messageId":"m"}                                  | status is missing; allowed: ACCEPTED,
          {"messageId":"m","status":"DELıVERED"}             | status 'DELıVERED' of events is not known
          {"messageId":"m","status":"READ","direction":"ınbound"} | direction is neither INBOUND nor OUTBOUND
          {"messageId":"m","status":"READ","eventTime":1795888790123000} | eventTime is not a time; allowed: RFC 3339
          {"messageId":"m","status":"READ","type":"message.sent"} | type 'message.sent' contradicts status READ; allowed: message.read, or no type
          {"messageId":"m","status":"READ","type":"viewed"}  | type 'viewed' contradicts status READ
          {"messageId":"m","status":"READ","status":"SENT"}  | the field 'status' is given more than once
          {"messageId":"m","status":"READ","status":null}    | the field 'status' is given more than once
          {"messageId":"m","status":"READ","error":{"code":1,"code":2}} | the field 'error.code' is given more than once
          {"messageId":"m","status":"READ","attributes":{"a":1,"a":1}} | the attribute 'a' is given more than once
          {"messageId":"m","status":"READ","userId":5.93990000525E21} | userId must be a text or a whole number
          {"messageId":"m","status":"READ","eventId":"a\\u0000"} | eventId has a control character or an unpaired surrogate
          {"messageId":"m","status":"READ","eventId":"\\ud800"} | eventId has a control character or an unpaired surrogate
          {"messageId":-0,"status":"READ"}                   | messageId must be a text or a whole number
          {"messageId":"m","status":"READ","sender":1.5}     | sender must be a text or a whole number
          {"messageId":"m","status":"READ","price":{"currency":"USDX"}} | price.currency is not a code of ISO 4217, such as EUR
          {"messageId":"m","status":"READ","aliases":"DE.1"} | aliases must be an array of texts
          {"messageId":"m","status":"READ","aliases":[1.5]}  | each of aliases must be a whole number or a text of 1 to 512 characters
          {"messageId":"m","status":"READ","aliases":[-0]}   | each of aliases must be a whole number or a text
          {"messageId":"m","status":"READ","aliases":[true]} | each of aliases must be a whole number or a text
          {"messageId":"m","status":"READ","aliases":[null]} | each of aliases must be a whole number or a text
          {"messageId":"m","status":"READ","formerIds":[{}]} | each of formerIds must be a whole number or a text
          {"messageId":"m","status":"READ","aliases":[1,2,3,4,5,6,7,8,9]} | aliases has too many entries; allowed: at most 8
          {"messageId":"m","status":"READ","aliases":["a\\u0000"]} | each of aliases must be a whole number or a text of 1 to 512 characters
          {"messageId":"m","status":"READ","aliases":["1","2","3","4","5","6","7","8","9"]} | aliases has too many entries; allowed: at most 8
          {"messageId":"m","status":"READ","userId":"u","formerIds":["x"]} | formerIds has an id that is neither userId nor one of aliases
          {"messageId":"m","status":"READ","0":1}            | there is no field '0'
          {"messageId":false,"status":"READ"}                | messageId must be a text or a number
          {"messageId":"m","status":"READ","userId":true}    | userId must be a text or a number
          {"messageId":"m","status":"READ","error":{"code":true}} | error.code must be a text or a number
          {"messageId":"m","status":"READ","price.amount":1} | the name of the field 'price.amount' contains a dot
          {"messageId":"m","status":"READ","price":{"x.y":1}} | the name of the field 'price.x.y' contains a dot
          {"userId":"u","type":"Message.read"}               | the entry has no message id
          {"userId":"u","status":"ACTION","type":"Message.read"} | the type of an action must not start with 'message.'
          {}                                                 | a message requires messageId and status, an action userId and type
          """)
  void a_rejection_names_the_field_and_what_is_allowed(String body, String detail) {
    assertThat(rejection(json("events", body)).detail()).contains(detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\ud800b", "\\udc00"})
  void an_unpaired_surrogate_in_a_name_is_reported(String name) {
    assertThat(rejection(json("events", "{\"attributes\":{\"" + name + "\":1}}")).detail())
        .startsWith("the name of a field has an unpaired surrogate at byte ");
  }

  @Test
  void a_value_that_the_parser_quotes_in_its_message_is_not_mistaken_for_another_fault() {
    assertThat(rejection(json("events", "{\"a\":surrogate}")).detail())
        .startsWith("the body is not JSON at byte ");
  }

  @Test
  void a_field_name_in_a_rejection_is_short_and_printable() {
    String name = "a\\u0000" + "b".repeat(150);

    assertThat(rejection(json("events", "{\"" + name + "\":1}")).detail())
        .startsWith("there is no field 'a bbb")
        .hasSizeLessThan(300);
  }

  @Test
  void fields_that_postflight_sets_are_ignored() {
    assertThat(
            events(
                json(
                    "events",
                    "{\"messageId\":\"m\",\"status\":\"READ\",\"tenant\":\"other\","
                        + "\"receivedAt\":\"x\",\"eventTimeSource\":\"ARRIVAL\"}")))
        .hasSize(1);
  }

  @Test
  void other_ids_of_the_person_may_be_whole_numbers() {
    MessageEvent event =
        events(
                json(
                    "events",
                    "{\"messageId\":\"m\",\"status\":\"READ\",\"userId\":491701234567,"
                        + "\"aliases\":[4711,4.91707654321E11],\"formerIds\":[491707654321]}"))
            .get(0);
    assertThat(event.getUserId()).isEqualTo("491701234567");
    assertThat(event.getAliases()).containsExactly("4711", "491707654321");
    assertThat(event.getFormerIds()).containsExactly("491707654321");
  }

  @Test
  void other_ids_of_the_person_are_read_and_those_that_were_left() {
    MessageEvent event =
        events(
                json(
                    "events",
                    "{\"messageId\":\"m\",\"status\":\"READ\",\"userId\":\"+49 170 1234567\","
                        + "\"aliases\":[\"DE.1\",\"+49 170 7654321\"],"
                        + "\"formerIds\":[\"+49 170 7654321\"]}"))
            .get(0);
    assertThat(event.getUserId()).isEqualTo("491701234567");
    assertThat(event.getAliases()).containsExactly("491707654321", "DE.1");
    assertThat(event.getFormerIds()).containsExactly("491707654321");
  }

  @Test
  void valid_events_of_an_array_are_accepted_and_invalid_ones_rejected() {
    assertThat(outcomes(json("events", "[" + MESSAGE + ",{},null," + MESSAGE + "]")))
        .extracting(Outcome.Accepted.class::isInstance)
        .containsExactly(true, false, false, true);
  }

  @Test
  void an_empty_array_has_no_events() {
    assertThat(events(json("events", " [ ] "))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"eventId", "sender", "recipient"})
  void an_id_or_address_that_is_too_long_is_refused_rather_than_truncated(String field) {
    String body = "{\"messageId\":\"m\",\"status\":\"READ\",\"%s\":\"%s\"}";

    assertThat(events(json("events", body.formatted(field, "x".repeat(512))))).hasSize(1);
    assertThat(rejection(json("events", body.formatted(field, "x".repeat(513)))))
        .returns(RejectionReason.TOO_LARGE, Outcome.Rejected::reason)
        .returns(field + " has 513 characters; allowed: at most 512", Outcome.Rejected::detail);
  }

  @Test
  void too_many_attributes_are_refused_rather_than_dropped() {
    StringBuilder attributes = new StringBuilder();
    for (int i = 0; i < EventDraft.MAX_ATTRIBUTES + 1; i++) {
      attributes.append(i == 0 ? "" : ",").append("\"a").append(i).append("\":1");
    }

    assertThat(
            rejection(
                    json(
                        "events",
                        "{\"userId\":\"u\",\"type\":\"t\",\"attributes\":{" + attributes + "}}"))
                .reason())
        .isEqualTo(RejectionReason.TOO_LARGE);
  }
}
