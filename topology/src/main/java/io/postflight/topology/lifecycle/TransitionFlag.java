package io.postflight.topology.lifecycle;

/** Conditions of a transition that are counted in metrics. */
public enum TransitionFlag {
  /** The event was delivered before. */
  DUPLICATE,
  /** The message became complete. */
  COMPLETED,
  /** The message has changed more than 999 times: its row is not updated. */
  REVISIONS_EXHAUSTED,
  /** Too many entries are pending until their user is known: the entry gets no row. */
  PENDING_OVERFLOW,
  /** The lifecycle ended before the user was known: pending entries get no row. */
  PENDING_DROPPED,
  /**
   * The message has rows under more users than are tracked: if the message is erased by its id,
   * this user's timeline is not searched.
   */
  USERS_EXHAUSTED,
  /** The message has more events than are tracked: a duplicate of this one counts as new. */
  ANCHORS_EXHAUSTED,
  /** The facts are too large: only status, time and user of the event were applied. */
  FACTS_TOO_LARGE
}
