package io.postflight.topology.deadline;

/**
 * How far the pipeline has caught up with the world. A deadline may fire only when it is not after
 * {@link #asOf}: then whatever arrived before the deadline has been processed, so that an idle
 * partition expires its lives in time and a backlog after downtime expires none that have been
 * answered meanwhile.
 */
@FunctionalInterface
public interface CaughtUp {
  /** Before anything is known. */
  long NEVER = Long.MIN_VALUE;

  /**
   * The latest known moment (epoch milliseconds) such that all that was in {@code raw.webhooks} at
   * that moment, and all events made of it, have been processed and committed; {@link #NEVER} if
   * none is known. Never goes back.
   */
  long asOf();
}
