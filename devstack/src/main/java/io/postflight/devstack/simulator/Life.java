package io.postflight.devstack.simulator;

import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a provider tells of one message, in the order in which it happened; or one action; or
 * one mistake. No two moments of a life have the same status.
 */
record Life(Moment.Subject subject, List<Moment> moments) {
  boolean isAction() {
    return moments.get(0).status() == Status.ACTION;
  }

  boolean isMistake() {
    return moments.get(0).mistake() != null;
  }

  /** Null for an action and for a mistake. */
  @Nullable ExpectedMessage expected() {
    Map<String, Long> times = new HashMap<>();
    boolean userKnown = false;
    for (Moment moment : moments) {
      Status status = moment.status();
      if (status != null && Facts.movesLife(status)) {
        times.merge(status.name(), moment.time(), Math::min);
      }
      userKnown |= moment.tellsUser();
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
        moments.size());
  }
}
