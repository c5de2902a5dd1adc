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
  RUNS_AHEAD
}
