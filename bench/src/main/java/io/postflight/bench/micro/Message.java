package io.postflight.bench.micro;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.state.LifecycleState;
import io.postflight.topology.lifecycle.LifecycleReducer;
import io.postflight.topology.lifecycle.LifecycleRules;
import io.postflight.topology.lifecycle.Placement;
import io.postflight.topology.lifecycle.Transition;
import io.postflight.topology.normalize.Normalizer;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One WhatsApp message that is sent, delivered and read. */
final class Message {
  private static final Instant SENT_AT = Instant.parse("2026-03-01T08:00:00Z");
  private static final Placement PLACEMENT = new Placement("30d", time -> 1, time -> 1);

  private final LifecycleReducer reducer = new LifecycleReducer(LifecycleRules.DEFAULT);
  private final List<MessageEvent> events =
      List.of(event("sent", 0), event("delivered", 1), event("read", 2));

  private static MessageEvent event(String status, int number) {
    Outcome outcome = Normalizer.ofAllProviders().normalize(webhook(status, number)).get(0);
    if (outcome instanceof Outcome.Accepted accepted) {
      return accepted.event();
    }
    throw new IllegalStateException("the webhook is not accepted: " + outcome);
  }

  private static RawWebhook webhook(String status, int number) {
    long second = SENT_AT.getEpochSecond() + number;
    String body =
        """
        {"object":"whatsapp_business_account","entry":[{"id":"204510000000001","changes":[{"value":\
        {"messaging_product":"whatsapp","metadata":{"display_phone_number":"34900000001",\
        "phone_number_id":"555000111222"},"statuses":[{"id":"wamid.HBgLMzQ2MDAxMTEyMjIVAgARGBI5RjQ2",\
        "status":"%s","timestamp":"%d","recipient_id":"34600111222","conversation":{"id":\
        "c0ffee00c0ffee00c0ffee00c0ffee00","origin":{"type":"utility"}},"pricing":{"billable":true,\
        "pricing_model":"PMP","category":"utility","type":"regular"}}]},"field":"messages"}]}]}"""
            .formatted(status, second);
    return RawWebhook.of(
            "whatsapp", "acme", second * 1_000 + 300, body.getBytes(StandardCharsets.UTF_8))
        .withContentType("application/json");
  }

  /** Its last event. */
  MessageEvent read() {
    return events.get(events.size() - 1);
  }

  /** Its state after a number of events. */
  LifecycleState stateAfter(int number) {
    @Nullable LifecycleState state = null;
    for (MessageEvent event : events.subList(0, number)) {
      state = reduce(state, event).next();
    }
    return Objects.requireNonNull(state, "no event was applied");
  }

  /** Applies an event. */
  Transition reduce(@Nullable LifecycleState state, MessageEvent event) {
    return reducer.reduce(state, event, PLACEMENT, List.of());
  }

  /** Applies all events, the first to no state. */
  Transition reduceAll() {
    Transition transition = reduce(null, events.get(0));
    for (MessageEvent event : events.subList(1, events.size())) {
      transition = reduce(transition.next(), event);
    }
    return transition;
  }

  int events() {
    return events.size();
  }

  /** The record that its last event puts into the tier's topic. */
  TierRecord lastRecord() {
    Transition transition = reduceAll();
    return new TierRecord(
        "acme",
        transition.timeline(),
        transition.revision(),
        read().getReceivedAt(),
        null,
        SENT_AT.toEpochMilli(),
        null);
  }
}
