package io.postflight.operations.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import io.postflight.schema.serde.TrustedRecords;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventDifferenceTextTest {
  private final MessageEvent event = event();

  @Test
  void a_changed_event_has_each_field_with_both_values_on_one_line() {
    MessageEvent now =
        MessageEvent.newBuilder(event)
            .setBody("b".repeat(300))
            .setAttributes(Map.of("fileName", "a\u001b[31m\n.pdf"))
            .build();

    assertThat(EventDifferenceText.line(new EventDifference(event, now)))
        .isEqualTo(
            "changed  events  acme  %s  m  raw.webhooks-3@5 entry 1".formatted(event.getEventId())
                + "  attributes.fileName: none -> \"a\\u001B[31m\\n.pdf\"; body: \"old\" -> \""
                + "b".repeat(98)
                + '…');
  }

  @Test
  void an_event_of_one_side_has_its_type() {
    assertThat(EventDifferenceText.line(new EventDifference(null, event)))
        .startsWith("new  events  acme  ")
        .endsWith("  m  raw.webhooks-3@5 entry 1  message.received");
    assertThat(EventDifferenceText.line(new EventDifference(event, null))).startsWith("gone  ");
  }

  @Test
  void the_result_has_a_line_for_all_that_was_left_out() {
    NormalizeReplayReport all = new NormalizeReplayReport(10, 9, 1, 2, 3, 4, 3, 5, 6, 7, 8, 9, 10);
    NormalizeReplayReport clean =
        new NormalizeReplayReport(1_000, 999, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    assertThat(EventDifferenceText.lines(all, true))
        .hasSize(8)
        .startsWith(
            "10 webhooks read, 9 events compared: 1 new, 2 changed, 3 gone; 4 rejected",
            "3 events appended; those that are gone remain as they were",
            "5 differences left out, since their data was erased");
    assertThat(EventDifferenceText.lines(clean, false))
        .containsExactly(
            "1,000 webhooks read, 999 events compared: 0 new, 0 changed, 0 gone; 0 rejected");
  }

  private static MessageEvent event() {
    TrustedRecords.trust();
    byte[] body =
        "{\"messageId\":\"m\",\"status\":\"RECEIVED\",\"body\":\"old\"}"
            .getBytes(StandardCharsets.UTF_8);
    Outcome outcome =
        Normalizer.ofAllProviders().normalize(RawWebhook.of("events", "acme", 1, body)).get(0);
    return MessageEvent.newBuilder(((Outcome.Accepted) outcome).event())
        .setRaw(new RawReference(3, 5L, 1))
        .build();
  }
}
