package io.postflight.topology.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.topic.RejectionReason;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Invariants of the outcomes of any input. */
final class OutcomeInvariants {
  private OutcomeInvariants() {}

  /** Normalizes twice and checks every outcome. */
  static void check(RawWebhook webhook) {
    List<Outcome> outcomes = Webhooks.outcomes(webhook);

    assertThat(Webhooks.outcomes(webhook)).isEqualTo(outcomes);
    if (outcomes.isEmpty()) {
      assertThat(new String(webhook.body(), StandardCharsets.UTF_8).replaceAll("\\s|\uFEFF", ""))
          .isEqualTo("[]");
    }
    for (int i = 0; i < outcomes.size(); i++) {
      assertThat(outcomes.get(i).index()).isEqualTo(i);
      checkSound(outcomes.get(i));
    }
  }

  private static void checkSound(Outcome outcome) {
    if (outcome instanceof Outcome.Rejected rejected) {
      assertThat(rejected.reason()).isNotEqualTo(RejectionReason.INTERNAL);
      assertThat(rejected.detail()).isNotBlank().hasSizeLessThan(300);
    } else if (outcome instanceof Outcome.Accepted accepted) {
      MessageEvent event = accepted.event();
      assertThat(event.getEventId()).hasSize(22);
      assertThat(event.getEventTime())
          .isBetween(EventTimes.EARLIEST, Webhooks.RECEIVED_AT + EventTimes.TOLERANCE);
      assertThat(event.getMessageId() == null).isEqualTo(event.getStatus().name().equals("ACTION"));
    }
  }
}
