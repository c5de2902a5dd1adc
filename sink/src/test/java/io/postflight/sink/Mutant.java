package io.postflight.sink;

/** A fault injected into the sink, to verify that the simulation detects it. */
enum Mutant {
  NONE,
  /** Commits the offsets that Kafka Streams requests. */
  NO_CLAMP,
  /** Commits requested offsets of a partition of which this generation has seen no record. */
  UNSEEN_PASSES,
  /** Considers a write done once it is sent. */
  ACKNOWLEDGED_WHEN_SENT,
  /** Considers a write that timed out done. */
  TIMEOUT_IS_DONE,
  /** Considers a dead letter sent although Kafka rejected it. */
  DEAD_LETTER_LOST,
  /** Some timers never fire. */
  TIMER_LOST,
  /** Never pauses consumption. */
  NEVER_PAUSES,
  /** Does not limit the records after a blocked row. */
  RUNS_AHEAD,
  /** Rejects a row without confirmation by the canary row. */
  REFUSED_WITHOUT_CANARY,
  /** Applies a command as soon as it is read. */
  COMMAND_BEFORE_EARLIER_RECORDS,
  /** Considers a command applied once it is sent. */
  COMMAND_ACKNOWLEDGED_WHEN_SENT,
  /** Considers a command that timed out applied. */
  COMMAND_TIMEOUT_IS_DONE,
  /** Considers a permanent failure a success. */
  FATAL_IS_DONE,
  /** Ignores permanent failures of writes and commands. */
  FATAL_IS_DROPPED,
  /** Ignores permanent failures of probes. */
  FATAL_PROBE_IS_DROPPED;

  /** Whether it ignores permanent failures, so that it can only be detected by its commits. */
  boolean ignoresFatal() {
    return this == ACKNOWLEDGED_WHEN_SENT
        || this == COMMAND_ACKNOWLEDGED_WHEN_SENT
        || this == FATAL_IS_DONE;
  }
}
