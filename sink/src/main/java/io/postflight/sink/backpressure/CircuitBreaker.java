package io.postflight.sink.backpressure;

import io.postflight.sink.time.Backoff;
import org.jspecify.annotations.Nullable;

/**
 * Circuit breaker that decides when consumption of a tier's topic pauses and resumes.
 *
 * <pre>
 *             trip                      probe due
 *   CLOSED ---------> OPEN -----------------------------> PROBING
 *     ^                 ^                                  |    |
 *     |                 +------------- probe failed -------+    | probe succeeded
 *     |                                                         v
 *     +------------ below low watermark --------------------- DRAINING
 * </pre>
 *
 * <p>The result of a probe can be invalidated, which leads back from DRAINING to OPEN.
 *
 * <p>It starts OPEN: nothing is consumed before the database has responded once. It has neither
 * thread nor clock: callers report events with the time in milliseconds and ask for the next
 * action.
 */
public final class CircuitBreaker {
  /** States. */
  enum State {
    /** Records are consumed. */
    CLOSED,
    /** Consumption is paused; a probe is due now or later. */
    OPEN,
    /** A probe is in progress. */
    PROBING,
    /** The probe succeeded; consumption resumes once the window is below its low watermark. */
    DRAINING
  }

  /** What the caller has to do. */
  enum Action {
    /** Nothing, until {@link Step#waitMillis} have passed or an event occurs. */
    WAIT,
    /** Send a probe and report its result. */
    PROBE,
    /** Resume consumption. */
    RESUME
  }

  /**
   * What to do next.
   *
   * @param action the action
   * @param waitMillis with WAIT: ask again after this time; {@link Long#MAX_VALUE}: only after an
   *     event
   */
  record Step(Action action, long waitMillis) {
    private static final Step PROBE = new Step(Action.PROBE, 0);
    private static final Step RESUME = new Step(Action.RESUME, 0);
    private static final Step IDLE = new Step(Action.WAIT, Long.MAX_VALUE);
  }

  private final Backoff backoff;
  private State state = State.OPEN;
  private @Nullable String reason;
  private int failedProbes;
  private long probeDue;

  /** The probe in progress was invalidated: its success does not count. */
  private boolean probeInvalidated;

  /**
   * Creates an open circuit breaker whose first probe is due immediately.
   *
   * @param backoff delay between failed probes
   * @param reason why it is open, human-readable
   */
  public CircuitBreaker(Backoff backoff, String reason) {
    this.backoff = backoff;
    this.reason = reason;
    this.probeDue = Long.MIN_VALUE;
  }

  /**
   * Opens the circuit breaker.
   *
   * @return whether it was closed
   */
  synchronized boolean trip(String why, long now) {
    if (state != State.CLOSED) {
      return false;
    }
    state = State.OPEN;
    reason = why;
    failedProbes = 0;
    probeDue = now;
    return true;
  }

  /**
   * Opens the circuit breaker unless it is open, and invalidates the last probe and the one in
   * progress: only a later probe covers what has happened.
   *
   * @return whether it was closed
   */
  synchronized boolean invalidateProbe(String why, long now) {
    if (state == State.DRAINING) {
      state = State.OPEN;
      reason = why;
      probeDue = now;
    } else if (state == State.PROBING) {
      probeInvalidated = true;
    }
    return trip(why, now);
  }

  /** The next action. PROBE and RESUME are returned once and assumed to be performed. */
  synchronized Step next(long now, boolean belowLowWatermark) {
    return switch (state) {
      case OPEN -> open(now);
      case DRAINING -> draining(belowLowWatermark);
      case PROBING, CLOSED -> Step.IDLE;
    };
  }

  private Step open(long now) {
    if (now < probeDue) {
      return new Step(Action.WAIT, probeDue - now);
    }
    state = State.PROBING;
    probeInvalidated = false;
    return Step.PROBE;
  }

  private Step draining(boolean belowLowWatermark) {
    if (!belowLowWatermark) {
      return Step.IDLE;
    }
    state = State.CLOSED;
    reason = null;
    return Step.RESUME;
  }

  /** The probe that {@link #next} requested succeeded. */
  synchronized void probeSucceeded() {
    if (state == State.PROBING) {
      state = probeInvalidated ? State.OPEN : State.DRAINING;
      probeDue = Long.MIN_VALUE;
      failedProbes = 0;
    }
  }

  /** The probe that {@link #next} requested failed. */
  synchronized void probeFailed(String why, long now) {
    if (state == State.PROBING) {
      state = State.OPEN;
      reason = why;
      failedProbes++;
      probeDue = now + backoff.delayMillis(failedProbes);
    }
  }

  /** The current state. */
  synchronized State state() {
    return state;
  }

  /** Why it is not closed; null if it is. */
  synchronized @Nullable String reason() {
    return reason;
  }
}
