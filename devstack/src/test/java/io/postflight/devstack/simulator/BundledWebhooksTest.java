package io.postflight.devstack.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BundledWebhooksTest {
  private static final long NOW = 1_800_000_000_000L;

  @Test
  void lead_to_the_messages_that_are_expected() throws IOException {
    Map<String, Map<String, Long>> times = new TreeMap<>();
    int actions = 0;
    for (SimulatedWebhook webhook : BundledWebhooks.of("acme", NOW)) {
      var decoded = DecodedEvent.in(webhook);
      assertThat(decoded).hasSize(webhook.events());
      for (DecodedEvent one : decoded) {
        Status status = one.status();
        assertThat(status).as(webhook.provider()).isNotNull();
        if (status != null && Facts.advancesLifecycle(status)) {
          times
              .computeIfAbsent(String.valueOf(one.messageId()), id -> new HashMap<>())
              .put(status.name(), 1L);
        } else {
          actions++;
        }
      }
    }
    assertThat(actions).isEqualTo(BundledWebhooks.ACTIONS);
    assertThat(BundledWebhooks.expectedMessages("acme"))
        .hasSameSizeAs(times.keySet())
        .allSatisfy(
            expected -> {
              Map<String, Long> of = times.getOrDefault(expected.messageId(), Map.of());
              assertThat(of).hasSize(expected.distinctEvents());
              assertThat(MessageStatus.of(of, null)).isEqualTo(expected.status());
              assertThat(MessageStatus.contradiction(of)).isEqualTo(expected.contradiction());
            });
  }

  @Test
  void have_times_near_now_and_no_template_left() {
    assertThat(BundledWebhooks.of("acme", NOW))
        .allSatisfy(
            webhook ->
                assertThat(new String(webhook.body(), StandardCharsets.UTF_8)).doesNotContain("@{"))
        .anySatisfy(
            webhook ->
                assertThat(new String(webhook.body(), StandardCharsets.UTF_8))
                    .contains("\"" + (NOW / 1_000 - 300) + "\""));
  }
}
