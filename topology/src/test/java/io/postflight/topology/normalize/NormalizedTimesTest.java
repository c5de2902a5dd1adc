package io.postflight.topology.normalize;

import static io.postflight.topology.normalize.Webhooks.RECEIVED_AT;
import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.json;
import static io.postflight.topology.normalize.Webhooks.rejection;
import static io.postflight.topology.normalize.Webhooks.whatsAppStatus;
import static io.postflight.topology.normalize.Webhooks.whatsAppStatuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.topic.RejectionReason;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The time of an event: the payload's, the arrival, or none, which rejects the entry. */
class NormalizedTimesTest {
  private static RawWebhook status(String timestamp) {
    return json("whatsapp", whatsAppStatuses(whatsAppStatus("m1", "sent", timestamp)));
  }

  @ParameterizedTest
  @CsvSource({
    "2009-01-01T00:00:00Z, PROVIDER",
    "2008-12-31T23:59:59Z, CLAMPED",
    "1970-01-01T00:00:00Z, CLAMPED",
    "2026-06-01T12:05:00Z, PROVIDER",
    "2026-06-01T12:05:01Z, CLAMPED",
    "2200-01-01T00:00:00Z, CLAMPED"
  })
  void an_implausible_time_is_replaced_by_the_arrival(Instant time, EventTimeSource source) {
    MessageEvent event = event(status(Long.toString(time.getEpochSecond())));

    assertThat(event.getEventTimeSource()).isEqualTo(source);
    assertThat(event.getEventTime())
        .isEqualTo(source == EventTimeSource.PROVIDER ? time.toEpochMilli() : RECEIVED_AT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"12x", "1795888790123000", "1e400", "0x10", "20261128175950"})
  void a_time_that_is_none_is_rejected_and_not_replaced(String time) {
    assertThat(rejection(status(time)))
        .isEqualTo(
            new Outcome.Rejected(
                0,
                RejectionReason.MALFORMED_BODY,
                "timestamp is not a time; allowed: RFC 3339, epoch seconds or milliseconds"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          twilio   | [{"type":"com.twilio.messaging.message.sent","time":[1],"data":{"messageSid":"SM1"}}]
          wasender | {"event":"messages.update","data":{"keyId":"m","status":"READ","messageTimestamp":[1]}}
          wasender | {"event":"message-receipt.update","data":{"keyId":"m","receipt":{"readTimestamp":"x1"}}}
          wasender | {"event":"message-receipt.update","data":{"keyId":"m","receipt":{"readTimestamp":[]}}}
          wasender | {"event":"message-receipt.update","data":{"keyId":"m","receipt":{"readTimestamp":{"low":1760700001,"high":7}}}}
          wasender | {"event":"messages.update","data":{"keyId":"m","status":"READ","messageTimestamp":{"low":1760700001,"high":7}}}
          wasender | {"event":"messages.update","data":{"keyId":"m","status":"READ","messageTimestamp":{"low":-5,"high":1e99}}}
          wasender | {"event":"messages.update","data":{"keyId":"m","status":"READ","messageTimestamp":{"low":-5}}}
          wasender | {"event":"messages.update","data":{"keyId":"m","status":"READ"},"timestamp":true}
          wasender | {"event":"messages.update","data":{"keyId":"m","status":"READ","datetime":202611281759}}
          twilio   | [{"type":"com.twilio.messaging.message.sent","time":20261128175950,"data":{"messageSid":"SM1"}}]
          whatsapp | {"entry":[{"changes":[{"value":{"statuses":[{"id":"m","status":"sent","timestamp":1.79e19}]}}]}]}
          whatsapp | {"entry":[{"changes":[{"value":{"messages":[{"id":"m","from":"1","timestamp":{"t":1}}]}}]}]}
          whatsapp | {"entry":[{"changes":[{"value":{"messages":[{"id":"m","from":"1","timestamp":[1]}]}}]}]}
          whatsapp | {"entry":[{"changes":[{"value":{"statuses":[{"id":"m","status":"sent","timestamp":[1]}]}}]}]}
          """)
  void a_time_of_another_type_is_rejected(String provider, String body) {
    assertThat(rejection(json(provider, body)).reason()).isEqualTo(RejectionReason.MALFORMED_BODY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "[null]", "[\"\"]", "{\"a\":[]}", "{\"0\":1}"})
  void a_time_without_a_value_is_rejected(String time) {
    String message =
        "{\"entry\":[{\"changes\":[{\"value\":{\"messages\":[{\"id\":\"m\",\"from\":\"1\",\"timestamp\":";

    assertThat(rejection(json("whatsapp", message + time + "}]}}]}]}")).detail())
        .startsWith("timestamp is not a time");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "asdf", "soon"})
  void a_text_of_letters_states_no_time(String time) {
    MessageEvent event = event(status(time));

    assertThat(event.getEventTimeSource()).isEqualTo(EventTimeSource.ARRIVAL);
    assertThat(event.getEventTime()).isEqualTo(RECEIVED_AT);
  }

  @Test
  void two_implausible_times_are_two_events_though_both_are_clamped() {
    assertThat(event(status("9999999990")).getEventId())
        .isNotEqualTo(event(status("9999999991")).getEventId());
  }
}
