package io.postflight.topology.runtime;

import io.postflight.schema.serde.RegistryOutage;
import io.postflight.schema.serde.SchemaRefusedException;
import io.postflight.topology.lifecycle.UnconfiguredTierException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the failure of a stream thread. No fault causes a record to be skipped.
 *
 * <ul>
 *   <li>An outage handled by {@link OutageGate}: the thread is replaced once the outage is over. A
 *       paused thread still polls and deserializes, so a new one would fail again. Until then the
 *       failed thread keeps its partitions, as its heartbeats continue.
 *   <li>Other transient faults (Kafka is unavailable): the thread is replaced, with exponential
 *       backoff.
 *   <li>Permanent faults (invalid credentials, a missing topic, an incompatible schema): the
 *       instance stops with a message.
 *   <li>Unknown faults: the thread is replaced a few times, since the fault may be transient; then
 *       the instance stops.
 * </ul>
 */
public final class FaultPolicy implements StreamsUncaughtExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(FaultPolicy.class);
  private static final int UNKNOWN_FAULTS = 5;
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long MAX_PAUSE_MILLIS = 30_000;

  /** Less than {@code max.poll.interval.ms}, after which the group revokes the partitions. */
  private static final long MAX_OUTAGE_MILLIS = Duration.ofMinutes(4).toMillis();

  private final Predicate<Throwable> waitsOut;
  private final BooleanSupplier paused;
  private final LongSupplier clock;
  private final Pause pause;
  private final Deque<Long> unknown = new ArrayDeque<>();
  private long lastTransient = Long.MIN_VALUE;
  private long pauseMillis = FIRST_PAUSE_MILLIS;

  /** Waits; replaced in tests. */
  @FunctionalInterface
  public interface Pause {
    void of(long millis) throws InterruptedException;
  }

  /** Kind of a fault. */
  enum FaultKind {
    TRANSIENT,
    FATAL,
    UNKNOWN
  }

  /**
   * @param waitsOut pauses the instance if the fault is an outage handled by {@link OutageGate}
   * @param paused whether the instance is paused because of such an outage
   * @param clock epoch milliseconds
   */
  public FaultPolicy(
      Predicate<Throwable> waitsOut, BooleanSupplier paused, LongSupplier clock, Pause pause) {
    this.waitsOut = waitsOut;
    this.paused = paused;
    this.clock = clock;
    this.pause = pause;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable fault) {
    Throwable root = root(fault);
    return switch (kind(fault)) {
      case FATAL -> {
        log.error("The topology stops: {}", describe(root), fault);
        yield StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      }
      case TRANSIENT -> {
        if (waitsOut.test(fault)) {
          yield replaceAfterOutage();
        }
        long wait = nextPause();
        log.warn("The topology retries in {} ms: {}", wait, describe(root));
        yield replaceAfter(wait);
      }
      case UNKNOWN -> {
        if (tooMany()) {
          log.error(
              "The topology stops after {} unexpected faults within {}: {}",
              UNKNOWN_FAULTS,
              WINDOW,
              describe(root),
              fault);
          yield StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        log.error("The topology retries after an unexpected fault", fault);
        yield replaceAfter(FIRST_PAUSE_MILLIS);
      }
    };
  }

  static FaultKind kind(Throwable fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthenticationException
          || cause instanceof AuthorizationException
          || cause instanceof UnsupportedVersionException
          || cause instanceof MissingSourceTopicException
          || cause instanceof SchemaRefusedException
          || cause instanceof UnconfiguredTierException
          || cause instanceof ConfigException
          || cause instanceof VirtualMachineError) {
        return FaultKind.FATAL;
      }
      if (cause instanceof RetriableException) {
        return FaultKind.TRANSIENT;
      }
    }
    return RegistryOutage.isCauseOf(fault) ? FaultKind.TRANSIENT : FaultKind.UNKNOWN;
  }

  private StreamThreadExceptionResponse replaceAfterOutage() {
    long waited = 0;
    while (paused.getAsBoolean()
        && waited < MAX_OUTAGE_MILLIS
        && !Thread.currentThread().isInterrupted()) {
      replaceAfter(FIRST_PAUSE_MILLIS);
      waited += FIRST_PAUSE_MILLIS;
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private StreamThreadExceptionResponse replaceAfter(long millis) {
    try {
      pause.of(millis);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** Exponential backoff, reset after a period without faults. */
  private synchronized long nextPause() {
    long now = clock.getAsLong();
    boolean reset = lastTransient == Long.MIN_VALUE || now - lastTransient > WINDOW.toMillis();
    pauseMillis = reset ? FIRST_PAUSE_MILLIS : Math.min(MAX_PAUSE_MILLIS, pauseMillis * 2);
    lastTransient = now;
    return pauseMillis;
  }

  private synchronized boolean tooMany() {
    long now = clock.getAsLong();
    while (!unknown.isEmpty() && now - unknown.getFirst() > WINDOW.toMillis()) {
      unknown.removeFirst();
    }
    unknown.addLast(now);
    return unknown.size() > UNKNOWN_FAULTS;
  }

  private static String describe(Throwable root) {
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  private static Throwable root(Throwable fault) {
    Throwable root = fault;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
