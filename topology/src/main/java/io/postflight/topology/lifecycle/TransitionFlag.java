package io.postflight.topology.lifecycle;

/** What a step of a life is worth counting for. */
public enum TransitionFlag {
  /** The event had come before. */
  DUPLICATE,
  /** The message became complete with this step. */
  COMPLETED,
  /** The message changed for more than the 999th time: its row stays as it is. */
  REVISIONS_EXHAUSTED,
  /** An entry without a user found no room among those that wait for one: it gets no row. */
  PENDING_OVERFLOW,
  /** The life ended without having learnt its user: entries that waited for it get no row. */
  PENDING_DROPPED,
  /**
   * Rows of the message stand under one user too many to be remembered: if the message is erased by
   * its id, this user's timeline is not looked through.
   */
  USERS_EXHAUSTED,
  /** The event is one too many to be remembered: if it comes again, it is taken for a new one. */
  ANCHORS_EXHAUSTED,
  /** The facts have grown too large: of this event only status, time and user were taken. */
  FACTS_TOO_LARGE
}
