package io.postflight.sink;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops and restarts the intake as the {@link Breaker} says, and sends its probes. Intake and
 * breaker change under one lock, or a resume could overtake the pause that came after it.
 */
final class IntakeSwitch {
  /** What is switched. */
  interface Switched {
    /** Stops the intake. */
    void pause();

    /** Lets the intake go on. */
    void resume();

    /** Whether records can be read and the database takes writes. */
    CompletionStage<Void> probe();

    /** A probe succeeded; the intake goes on once the window is half empty. */
    void answered();
  }

  private static final Logger LOG = LoggerFactory.getLogger(IntakeSwitch.class);

  private final String name;
  private final Breaker breaker;
  private final BooleanSupplier roomy;
  private final Scheduler scheduler;
  private final LongSupplier clock;

  private @Nullable Switched switched;
  private boolean stopped;
  private boolean complained;
  private Scheduler.@Nullable Timer timer;

  /**
   * @param name of the sink, for the log
   * @param roomy whether so little is in flight that the intake may go on
   * @param clock milliseconds
   */
  IntakeSwitch(
      String name,
      Breaker breaker,
      BooleanSupplier roomy,
      Scheduler scheduler,
      LongSupplier clock) {
    this.name = name;
    this.breaker = breaker;
    this.roomy = roomy;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** Begins to switch what is given, which stands still until the first probe has succeeded. */
  void begin(Switched what) {
    synchronized (this) {
      switched = what;
    }
    step();
  }

  /** Stops the intake until a probe succeeds and the window is half empty. */
  void trip(String reason) {
    synchronized (this) {
      if (stopped || switched == null || !breaker.trip(reason, clock.getAsLong())) {
        return;
      }
      switched.pause();
    }
    LOG.debug("Sink {} pauses: {}", name, reason);
    scheduler.schedule(0, this::step);
  }

  /**
   * Stops the intake until a probe succeeds that begins after this call, and the window is half
   * empty.
   */
  void doubt(String reason) {
    synchronized (this) {
      if (stopped || switched == null) {
        return;
      }
      if (breaker.doubt(reason, clock.getAsLong())) {
        switched.pause();
      }
    }
    scheduler.schedule(0, this::step);
  }

  /** Does what is due. To be called at start, and when the window has become half empty. */
  void step() {
    Breaker.Action action;
    Switched what;
    synchronized (this) {
      what = switched;
      if (stopped || what == null) {
        return;
      }
      Breaker.Step step = breaker.next(clock.getAsLong(), roomy.getAsBoolean());
      action = step.action();
      if (action == Breaker.Action.RESUME) {
        what.resume();
        if (complained) {
          complained = false;
          LOG.info("Sink {} goes on", name);
        }
      } else if (action == Breaker.Action.WAIT && step.waitMillis() < Long.MAX_VALUE) {
        awake(step.waitMillis());
      }
    }
    if (action == Breaker.Action.PROBE) {
      what.probe().whenComplete((done, failure) -> probed(what, failure));
    }
  }

  /** Called often: whether the window had to become half empty for something. */
  void halfEmptied() {
    if (breaker.state() == Breaker.State.PROVEN) {
      step();
    }
  }

  /** Leaves the intake as it is, for good. */
  synchronized void stop() {
    stopped = true;
    cancelTimer();
  }

  boolean closed() {
    return breaker.state() == Breaker.State.CLOSED;
  }

  @Nullable String reason() {
    return breaker.reason();
  }

  private void probed(Switched what, @Nullable Throwable failure) {
    if (failure == null) {
      breaker.probeSucceeded();
      what.answered();
    } else {
      String why = reasonOf(failure);
      complain(why);
      breaker.probeFailed(why, clock.getAsLong());
    }
    step();
  }

  private static String reasonOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null
        ? String.valueOf(cause.getMessage())
        : String.valueOf(failure.getMessage());
  }

  private synchronized void complain(String why) {
    if (!complained && !stopped) {
      complained = true;
      LOG.warn("Sink {} waits: {}", name, why);
    }
  }

  private void awake(long delayMillis) {
    cancelTimer();
    timer = scheduler.schedule(delayMillis, this::step);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
