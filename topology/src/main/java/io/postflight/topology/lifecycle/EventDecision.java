package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an event in the light of the commands.
 *
 * @param kind what is to be done
 * @param by the command that demands it; null: the event is admitted
 * @param redacted fields that a message which is created with this event has lost already
 */
record EventDecision(Kind kind, @Nullable Erasure by, List<String> redacted) {
  /** What is to be done. */
  enum Kind {
    /** Nothing forbids the event. */
    ADMITTED,
    /** The event is dropped; the message, if there is one, lives on. */
    DROPPED,
    /** The event is dropped, and with it the message that it would have begun. */
    SUPPRESSED,
    /** The event is dropped and the life erased. */
    ERASED
  }

  static EventDecision admitted(List<String> redacted) {
    return new EventDecision(Kind.ADMITTED, null, redacted);
  }

  static EventDecision of(Kind kind, Erasure by) {
    return new EventDecision(kind, by, List.of());
  }
}
