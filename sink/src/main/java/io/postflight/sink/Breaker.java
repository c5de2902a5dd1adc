package io.postflight.sink;

import org.jspecify.annotations.Nullable;

/**
 * Decides when a tier's intake stops and when it goes on.
 *
 * <pre>
 *             trip                      probe due
 *   CLOSED ---------> OPEN -----------------------------> PROBING
 *     ^                 ^                                  |    |
 *     |                 +------------- probe failed -------+    | probe succeeded
 *     |                                                         v
 *     +------------ window half empty ----------------------- PROVEN
 * </pre>
 *
 * <p>What a probe has shown can be called into question, which leads back from PROVEN to OPEN.
 *
 * <p>It begins OPEN: nothing is taken in before the database has answered once. It has neither
 * thread nor clock: it is told what happened, with the time in milliseconds, and asked what to do.
 */
public final class Breaker {
  /** Where it stands. */
  public enum State {
    /** Intake goes on. */
    CLOSED,
    /** Intake stands still; a probe is due, or will be. */
    OPEN,
    /** A probe is on its way. */
    PROBING,
    /** The probe succeeded; what is in flight has to go down first. */
    PROVEN
  }

  /** What its keeper has to do. */
  public enum Action {
    /** Nothing, until {@link Step#waitMillis} have passed or something happens. */
    WAIT,
    /** Send a probe and tell how it went. */
    PROBE,
    /** Let the intake go on. */
    RESUME
  }

  /**
   * What to do next.
   *
   * @param action what
   * @param waitMillis with WAIT: ask again after that long; {@link Long#MAX_VALUE}: only when
   *     something happens
   */
  public record Step(Action action, long waitMillis) {
    private static final Step PROBE = new Step(Action.PROBE, 0);
    private static final Step RESUME = new Step(Action.RESUME, 0);
    private static final Step IDLE = new Step(Action.WAIT, Long.MAX_VALUE);
  }

  private final Backoff backoff;
  private State state = State.OPEN;
  private @Nullable String reason;
  private int failedProbes;
  private long probeDue;

  /** What the probe under way may have missed came up: it proves nothing if it succeeds. */
  private boolean doubted;

  /**
   * An open breaker whose first probe is due at once.
   *
   * @param backoff time between failed probes
   * @param reason why it is open, for people
   */
  public Breaker(Backoff backoff, String reason) {
    this.backoff = backoff;
    this.reason = reason;
    this.probeDue = Long.MIN_VALUE;
  }

  /**
   * Opens it.
   *
   * @return whether it was closed
   */
  public synchronized boolean trip(String why, long now) {
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
   * Opens it unless it is open already, whatever the last probe has shown or the present one will:
   * something waits that only a later probe takes care of.
   *
   * @return whether it was closed
   */
  public synchronized boolean doubt(String why, long now) {
    if (state == State.PROVEN) {
      state = State.OPEN;
      reason = why;
      probeDue = now;
    } else if (state == State.PROBING) {
      doubted = true;
    }
    return trip(why, now);
  }

  /** What to do now. PROBE and RESUME are answered once, and taken as done. */
  public synchronized Step next(long now, boolean windowHalfEmpty) {
    return switch (state) {
      case OPEN -> open(now);
      case PROVEN -> proven(windowHalfEmpty);
      case PROBING, CLOSED -> Step.IDLE;
    };
  }

  private Step open(long now) {
    if (now < probeDue) {
      return new Step(Action.WAIT, probeDue - now);
    }
    state = State.PROBING;
    doubted = false;
    return Step.PROBE;
  }

  private Step proven(boolean windowHalfEmpty) {
    if (!windowHalfEmpty) {
      return Step.IDLE;
    }
    state = State.CLOSED;
    reason = null;
    return Step.RESUME;
  }

  /** The probe that {@link #next} asked for succeeded. */
  public synchronized void probeSucceeded() {
    if (state == State.PROBING) {
      state = doubted ? State.OPEN : State.PROVEN;
      probeDue = Long.MIN_VALUE;
      failedProbes = 0;
    }
  }

  /** The probe that {@link #next} asked for failed. */
  public synchronized void probeFailed(String why, long now) {
    if (state == State.PROBING) {
      state = State.OPEN;
      reason = why;
      failedProbes++;
      probeDue = now + backoff.delayMillis(failedProbes);
    }
  }

  /** Where it stands. */
  public synchronized State state() {
    return state;
  }

  /** Why it is not closed; null if it is. */
  public synchronized @Nullable String reason() {
    return reason;
  }
}
