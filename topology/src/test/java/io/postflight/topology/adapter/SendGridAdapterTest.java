package io.postflight.topology.adapter;

import static io.postflight.topology.adapter.ProviderBodies.assertTime;
import static io.postflight.topology.normalize.Webhooks.event;
import static io.postflight.topology.normalize.Webhooks.events;
import static io.postflight.topology.normalize.Webhooks.outcomes;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.EventError;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.topic.RejectionReason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendGridAdapterTest {
  private static final ProviderBodies SENDGRID = new ProviderBodies("sendgrid");

  @ParameterizedTest
  @CsvSource({
    "processed, ACCEPTED",
    "deferred, SENDING",
    "delivered, DELIVERED",
    "open, READ",
    "click, READ",
    "bounce, FAILED",
    "dropped, FAILED",
    "spamreport, ANNOTATION",
    "unsubscribe, ANNOTATION",
    "group_unsubscribe, ANNOTATION",
    "group_resubscribe, ANNOTATION"
  })
  void each_event_maps_to_a_canonical_status(String word, Status status) {
    String body = "[{\"event\":\"" + word + "\",\"sg_message_id\":\"m\",\"email\":\"a@b.c\"}]";

    assertThat(event(SENDGRID.json(body)).getStatus()).isEqualTo(status);
    assertThat(event(SENDGRID.json(body)).getChannel()).isEqualTo("EMAIL");
    assertThat(event(SENDGRID.json(body)).getUserId()).isEqualTo("a@b.c");
  }

  @Test
  void a_bounce_has_its_reason_and_time() {
    MessageEvent bounce =
        event(
            SENDGRID.json(
                "[{\"event\":\"bounce\",\"sg_message_id\":\"m\",\"timestamp\":1772352000,"
                    + "\"status\":\"5.1.1\",\"reason\":\"550 unknown\",\"type\":\"blocked\"}]"));

    assertThat(bounce.getError()).isEqualTo(new EventError("5.1.1", "550 unknown", null));
    assertThat(bounce.getAttributes()).containsEntry("bounceType", "blocked");
    assertTime(bounce, "2026-03-01T08:00:00Z");
  }

  @Test
  void two_events_with_one_id_are_two() {
    List<MessageEvent> events =
        events(
            SENDGRID.json(
                "[{\"event\":\"open\",\"sg_message_id\":\"m\",\"sg_event_id\":\"e\",\"timestamp\":1772352000},"
                    + "{\"event\":\"click\",\"sg_message_id\":\"m\",\"sg_event_id\":\"e\",\"timestamp\":1772352000}]"));

    assertThat(events).extracting(MessageEvent::getEventId).doesNotHaveDuplicates();
  }

  @Test
  void an_event_that_is_sent_again_is_the_same() {
    String body =
        "[{\"event\":\"open\",\"sg_message_id\":\"m\",\"sg_event_id\":\"e\",\"timestamp\":1772352000}]";

    assertThat(event(SENDGRID.json(body)).getEventId())
        .isEqualTo(event(SENDGRID.json(body.replace("1772352000", "1772352000.0"))).getEventId());
  }

  @Test
  void only_the_bad_events_of_a_batch_are_rejected() {
    String body =
        """
        [{"event":"delivered","sg_message_id":"m"},
         {"event":"orbiting","sg_message_id":"m"},
         {"event":"open"},
         {"sg_message_id":"m"},
         {"event":["open"],"sg_message_id":"m"},
         {"event":"open","sg_message_id":"m","timestamp":"1772352000000000"},
         {"event":"open","sg_message_id":1.5},
         {"event":"account_status_change","type":"compliance"},
         null]""";

    assertThat(SENDGRID.summary(SENDGRID.json(body)))
        .containsExactly(
            "DELIVERED",
            "UNKNOWN_STATUS",
            "MISSING_MESSAGE_ID",
            "MALFORMED_BODY",
            "MALFORMED_BODY",
            "MALFORMED_BODY",
            "MALFORMED_BODY",
            "UNSUPPORTED_EVENT",
            "MALFORMED_BODY");
  }

  @Test
  void an_empty_batch_has_no_events() {
    assertThat(outcomes(SENDGRID.json("[]"))).isEmpty();
  }

  @Test
  void a_truncated_batch_is_rejected_as_a_whole() {
    SENDGRID.assertRejected(
        SENDGRID.json("[{\"event\":\"open\",\"sg_message_id\":\"m\"},{\"event\""),
        RejectionReason.MALFORMED_BODY);
  }
}
