package io.postflight.sink.backpressure;

import io.postflight.sink.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Admits rows to the window, and blocks the calling thread while the window is full.
 *
 * <p>The calling thread is the one that polls Kafka, so the time it may wait between two of its
 * polls is limited. When this allowance is used up, consumption is paused and all rows are admitted
 * until the next poll, since Kafka Streams cannot take back a record that it has passed to the
 * processor.
 */
public final class WindowAdmission {
  private final InFlightWindow window;
  private final long allowanceNanos;
  private final Consumer<String> trip;
  private final Runnable onLowWatermark;
  private final Time time;
  private final Supplier<Object> caller;

  /** Guards the fields below; waiting threads wait on it. */
  private final Object lock = new Object();

  /** How long each thread has waited since its last poll, nanoseconds. */
  private final Map<Object, Long> waitedNanos = new WeakHashMap<>();

  private int waiters;

  /**
   * Creates an admission to a window.
   *
   * @param allowance how long a thread may wait between two polls
   * @param trip pauses consumption, for the reason given
   * @param onLowWatermark called when the window falls below its low watermark or becomes empty
   * @param time clock and waiting
   * @param caller the calling thread
   */
  public WindowAdmission(
      InFlightWindow window,
      Duration allowance,
      Consumer<String> trip,
      Runnable onLowWatermark,
      Time time,
      Supplier<Object> caller) {
    this.window = window;
    this.allowanceNanos = allowance.toNanos();
    this.trip = trip;
    this.onLowWatermark = onLowWatermark;
    this.time = time;
    this.caller = caller;
  }

  /**
   * Admits rows to the window, after waiting for capacity as far as the allowance permits.
   *
   * @param acceptsWrites whether the database accepts any rows, so that blocked ones do not count
   */
  public void admit(int rows, long bytes, BooleanSupplier acceptsWrites) {
    if (window.tryAdmit(rows, bytes, acceptsWrites.getAsBoolean())
        || awaitCapacity(rows, bytes, acceptsWrites)) {
      return;
    }
    window.admit(rows, bytes);
    trip.accept("the window is full: " + window.count() + " rows in flight");
  }

  /** Admits rows to the window regardless of its capacity. */
  public void forceAdmit(int rows, long bytes) {
    window.admit(rows, bytes);
  }

  /** Marks rows as blocked: their replicas do not accept them. */
  public void block(int rows, long bytes) {
    change(() -> window.block(rows, bytes));
  }

  /** Releases capacity. */
  public void release(int rows, long bytes) {
    release(rows, bytes, 0, 0);
  }

  /** Releases capacity of rows, some of which were blocked. */
  public void release(int rows, long bytes, int blockedRows, long blockedBytes) {
    change(
        () -> {
          window.block(-blockedRows, -blockedBytes);
          window.release(rows, bytes);
        });
  }

  private void change(Runnable counting) {
    boolean wasBelow = window.belowLowWatermark();
    counting.run();
    if ((!wasBelow && window.belowLowWatermark()) || window.count() == 0) {
      onLowWatermark.run();
    }
    synchronized (lock) {
      if (waiters > 0 && window.hasCapacity()) {
        lock.notifyAll();
      }
    }
  }

  /** The calling thread is about to poll: resets its allowance. */
  public void resetAllowance() {
    synchronized (lock) {
      waitedNanos.remove(caller.get());
    }
  }

  /**
   * Waits until nothing is in flight.
   *
   * @return whether that happened in time
   */
  public boolean awaitEmpty(Duration max) throws InterruptedException {
    long end = time.nanos() + max.toNanos();
    synchronized (lock) {
      waiters++;
      try {
        while (window.count() > 0) {
          long left = end - time.nanos();
          if (left <= 0) {
            return false;
          }
          time.await(lock, Math.max(left, 1_000_000));
        }
        return true;
      } finally {
        waiters--;
      }
    }
  }

  private boolean awaitCapacity(int rows, long bytes, BooleanSupplier acceptsWrites) {
    Object me = caller.get();
    synchronized (lock) {
      waiters++;
      try {
        while (!window.tryAdmit(rows, bytes, acceptsWrites.getAsBoolean())) {
          long left = allowanceNanos - waitedNanos.getOrDefault(me, 0L);
          if (left <= 0) {
            return false;
          }
          long start = time.nanos();
          time.await(lock, Math.max(left, 1_000_000));
          waitedNanos.merge(me, time.nanos() - start, Long::sum);
        }
        return true;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return false;
      } finally {
        waiters--;
      }
    }
  }
}
