package io.postflight.topology.normalize;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.simulator.ExpectedMessage;
import io.postflight.devstack.simulator.ExpectedRejection;
import io.postflight.devstack.simulator.SimulatedWebhook;
import io.postflight.devstack.simulator.Simulation;
import io.postflight.devstack.simulator.SimulationSettings;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.topic.RecordKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The simulator generates bodies and expected totals independently of the adapters, so that their
 * agreement over thousands of messages verifies both.
 */
class SimulatedWebhooksTest {
  private static final long NOW = 1_795_000_000_000L;

  private final Normalizer normalizer = Normalizer.ofAllProviders();

  @Test
  void every_simulated_webhook_has_the_expected_outcome() {
    Simulation simulation =
        Simulation.of(SimulationSettings.of(7, 3000, List.of("acme", "globex"), NOW));
    Map<String, MessageFacts> byMessage = new HashMap<>();

    simulation.forEachRemaining(
        webhook -> {
          List<MessageEvent> events = new ArrayList<>();
          List<ExpectedRejection> rejections = new ArrayList<>();
          read(webhook, events, rejections);
          assertThat(events).hasSize(webhook.events());
          assertThat(rejections).isEqualTo(webhook.rejections());
          for (MessageEvent event : events) {
            if (event.getMessageId() != null) {
              byMessage.merge(RecordKeys.ofEvent(event), Facts.of(event), Facts::join);
            }
          }
        });

    List<ExpectedMessage> expected = simulation.expectedMessages().toList();
    assertThat(expected).hasSizeGreaterThan(2500);
    for (ExpectedMessage message : expected) {
      MessageFacts facts =
          requireNonNull(
              byMessage.get(RecordKeys.ofMessage(message.tenant(), message.messageId())),
              message.messageId());
      assertThat(MessageStatus.of(facts)).isEqualTo(message.status());
    }
  }

  private void read(
      SimulatedWebhook webhook, List<MessageEvent> events, List<ExpectedRejection> rejections) {
    RawWebhook raw =
        RawWebhook.of(webhook.provider(), webhook.tenant(), NOW, webhook.body())
            .withContentType(webhook.contentType());
    for (Outcome outcome : normalizer.normalize(raw)) {
      if (outcome instanceof Outcome.Accepted accepted) {
        events.add(accepted.event());
      } else if (outcome instanceof Outcome.Rejected rejected) {
        rejections.add(new ExpectedRejection(rejected.index(), rejected.reason()));
      }
    }
  }
}
