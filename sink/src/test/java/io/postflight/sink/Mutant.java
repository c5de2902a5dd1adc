package io.postflight.sink;

/** A fault put into the sink on purpose, to see that the simulation finds it. */
enum Mutant {
  NONE,
  /** Commits what Kafka Streams asks for. */
  NO_CLAMP,
  /** Passes on what is asked for a partition of which this generation has seen no record. */
  UNSEEN_PASSES,
  /** Takes a write for done once it is sent. */
  ACKNOWLEDGED_WHEN_SENT,
  /** Takes a write that timed out for done. */
  TIMEOUT_IS_DONE,
  /** Takes a dead letter for sent although Kafka refused it. */
  LETTER_LOST,
  /** Now and then a timer does not fire. */
  TIMER_LOST,
  /** Never stops the intake. */
  NEVER_PAUSES,
  /** Lets a partition run ahead of a row that the database does not take. */
  RUNS_AHEAD,
  /** Refuses what the database refuses without looking whether it is well. */
  REFUSED_WITHOUT_CANARY,
  /** Applies a command as soon as it is read. */
  COMMAND_BEFORE_ITS_TURN,
  /** Takes a command for applied once it is sent. */
  COMMAND_ACKNOWLEDGED_WHEN_SENT,
  /** Takes a command that timed out for applied. */
  COMMAND_TIMEOUT_IS_DONE,
  /** Takes what can never succeed until somebody mends it for done. */
  FATAL_IS_DONE,
  /** Does not hear that a write or a command can never succeed until somebody mends it. */
  FATAL_IS_DROPPED,
  /** Goes on probing what can never succeed until somebody mends it. */
  FATAL_PROBE_IS_DROPPED;

  /**
   * Whether it does not get to know what it would have to give up for; so what it commits has to
   * give it away.
   */
  boolean deaf() {
    return this == ACKNOWLEDGED_WHEN_SENT
        || this == COMMAND_ACKNOWLEDGED_WHEN_SENT
        || this == FATAL_IS_DONE;
  }
}
