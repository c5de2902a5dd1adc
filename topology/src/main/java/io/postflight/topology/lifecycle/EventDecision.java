package io.postflight.topology.lifecycle;

import io.postflight.schema.erasure.Erasure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decision about an event, given the retained privacy commands.
 *
 * @param kind of the decision
 * @param by the command that caused it; null: the event is accepted
 * @param redacted fields that are already redacted in a message created by this event
 */
record EventDecision(DecisionKind kind, @Nullable Erasure by, List<String> redacted) {
  /** Kind of a decision. */
  enum DecisionKind {
    /** The event is processed. */
    ACCEPTED,
    /** The event is dropped; the message, if it exists, is not affected. */
    DROPPED,
    /** The event is dropped, except for the ids of the user if it shows whose the message is. */
    ONLY_USER,
    /** The event is dropped, together with the message that it would have created. */
    SUPPRESSED,
    /** The event is dropped and its message is erased. */
    ERASED;

    /** Whether the event is not applied to the state of its message. */
    boolean isFinal() {
      return this != ACCEPTED && this != ONLY_USER;
    }
  }

  static EventDecision accepted(List<String> redacted) {
    return new EventDecision(DecisionKind.ACCEPTED, null, redacted);
  }

  static EventDecision of(DecisionKind kind, Erasure by) {
    return new EventDecision(kind, by, List.of());
  }
}
