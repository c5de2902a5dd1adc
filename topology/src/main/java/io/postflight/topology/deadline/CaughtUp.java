package io.postflight.topology.deadline;

/**
 * The time up to which the pipeline has processed its input. A deadline fires only if it is not
 * after {@link #asOf}: then everything that arrived before the deadline has been processed, so that
 * messages of an idle partition time out as well, and after downtime no message times out whose
 * events are still in the backlog.
 */
@FunctionalInterface
public interface CaughtUp {
  /** No time is known yet. */
  long NEVER = Long.MIN_VALUE;

  /**
   * The latest known time (epoch milliseconds) such that all records of {@code raw.webhooks} at
   * that time, and all events derived from them, have been processed and committed; {@link #NEVER}
   * if none is known. Never decreases.
   */
  long asOf();
}
