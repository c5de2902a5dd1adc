package io.postflight.sink.backpressure;

import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.sink.time.Scheduler;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses and resumes consumption as the {@link CircuitBreaker} decides, and sends its probes. Both
 * change under one lock, or a resume could overtake the pause that came after it.
 */
public final class IntakeController {
  /** What is paused and resumed. */
  public interface Target {
    /** Pauses consumption. */
    void pause();

    /** Resumes consumption. */
    void resume();

    /** Checks that records can be decoded and that the database accepts writes. */
    CompletionStage<Void> probe();

    /** A probe succeeded; consumption resumes once the window is below its low watermark. */
    void onAvailable();
  }

  private static final Logger LOG = LoggerFactory.getLogger(IntakeController.class);

  private final String name;
  private final CircuitBreaker breaker;
  private final BooleanSupplier belowLowWatermark;
  private final Scheduler scheduler;
  private final LongSupplier clock;

  private @Nullable Target target;
  private boolean stopped;
  private boolean unavailableLogged;
  private Scheduler.@Nullable Timer timer;

  /**
   * Creates a controller without a target.
   *
   * @param name of the sink, for the log
   * @param belowLowWatermark whether the window is below its low watermark
   * @param clock milliseconds
   */
  public IntakeController(
      String name,
      CircuitBreaker breaker,
      BooleanSupplier belowLowWatermark,
      Scheduler scheduler,
      LongSupplier clock) {
    this.name = name;
    this.breaker = breaker;
    this.belowLowWatermark = belowLowWatermark;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** Begins to control the target, which is paused until the first probe has succeeded. */
  public void begin(Target current) {
    synchronized (this) {
      target = current;
    }
    step();
  }

  /** Pauses consumption until a probe succeeds and the window is below its low watermark. */
  public void trip(String reason) {
    synchronized (this) {
      if (stopped || target == null || !breaker.trip(reason, clock.getAsLong())) {
        return;
      }
      target.pause();
    }
    LOG.debug("Sink {} is paused: {}", name, reason);
    scheduler.schedule(0, this::step);
  }

  /**
   * Pauses consumption until a probe that begins after this call succeeds and the window is below
   * its low watermark.
   */
  public void invalidateProbe(String reason) {
    synchronized (this) {
      if (stopped || target == null) {
        return;
      }
      if (breaker.invalidateProbe(reason, clock.getAsLong())) {
        target.pause();
      }
    }
    scheduler.schedule(0, this::step);
  }

  /**
   * Performs the next action of the circuit breaker. Called at start, and when the window falls
   * below its low watermark.
   */
  void step() {
    CircuitBreaker.Action action;
    Target current;
    synchronized (this) {
      current = target;
      if (stopped || current == null) {
        return;
      }
      CircuitBreaker.Step step = breaker.next(clock.getAsLong(), belowLowWatermark.getAsBoolean());
      action = step.action();
      if (action == CircuitBreaker.Action.RESUME) {
        current.resume();
        if (unavailableLogged) {
          unavailableLogged = false;
          LOG.info("Sink {} has resumed", name);
        }
      } else if (action == CircuitBreaker.Action.WAIT && step.waitMillis() < Long.MAX_VALUE) {
        scheduleStep(step.waitMillis());
      }
    }
    if (action == CircuitBreaker.Action.PROBE) {
      current.probe().whenComplete((done, failure) -> probed(current, failure));
    }
  }

  /** The window fell below its low watermark; called often. */
  public void onLowWatermark() {
    if (breaker.state() == CircuitBreaker.State.DRAINING) {
      step();
    }
  }

  /** Stops controlling the target, which stays as it is. */
  public synchronized void stop() {
    stopped = true;
    cancelTimer();
  }

  /** Whether the circuit breaker is closed: the target is not paused. */
  public boolean closed() {
    return breaker.state() == CircuitBreaker.State.CLOSED;
  }

  /** Why the target is paused; null if it is not. */
  public @Nullable String reason() {
    return breaker.reason();
  }

  private void probed(Target current, @Nullable Throwable failure) {
    if (failure == null) {
      breaker.probeSucceeded();
      current.onAvailable();
    } else {
      String why = String.valueOf(FutureFailures.unwrap(failure).getMessage());
      logUnavailable(why);
      breaker.probeFailed(why, clock.getAsLong());
    }
    step();
  }

  private synchronized void logUnavailable(String why) {
    if (!unavailableLogged && !stopped) {
      unavailableLogged = true;
      LOG.warn("Sink {} is paused: {}", name, why);
    }
  }

  private void scheduleStep(long delayMillis) {
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
