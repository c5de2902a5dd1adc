package io.postflight.devstack.simulator;

import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All events that a provider reports for one message, in the order in which they happened; or one
 * action; or one invalid event. No two events of a message have the same status.
 */
record SimulatedMessage(SimulatedEvent.SimulatedSubject subject, List<SimulatedEvent> events) {
  boolean isAction() {
    return events.get(0).status() == Status.ACTION;
  }

  /** Null for an action and for an invalid event. */
  @Nullable ExpectedMessage expected() {
    Map<String, Long> times = new HashMap<>();
    boolean userKnown = false;
    for (SimulatedEvent event : events) {
      Status status = event.status();
      if (status != null && Facts.advancesLifecycle(status)) {
        times.merge(status.name(), event.time(), Math::min);
      }
      userKnown |= event.namesUser();
    }
    MessageStatus status = MessageStatus.of(times, null);
    if (status == null) {
      return null;
    }
    return new ExpectedMessage(
        subject.tenant(),
        subject.messageId(),
        subject.provider(),
        userKnown ? subject.user() : null,
        status,
        status.completes(),
        MessageStatus.contradiction(times),
        events.size());
  }
}
