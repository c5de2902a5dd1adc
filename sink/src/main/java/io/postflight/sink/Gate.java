package io.postflight.sink;

import java.time.Duration;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Where the intake waits for room in the window.
 *
 * <p>The thread that waits here is the one that polls Kafka, so it waits little: at most the
 * allowance in total between two of its polls, whatever others poll meanwhile. When that is used up
 * the gate asks for the intake to be stopped and lets everything in until the next poll, since what
 * Kafka Streams has taken from its buffer cannot be given back.
 */
final class Gate {
  private final Window window;
  private final long allowanceNanos;
  private final Consumer<String> trip;
  private final Runnable halfEmptied;
  private final Patience patience;
  private final Supplier<Object> caller;

  /** Guards what follows; also what waiters wait on. */
  private final Object lock = new Object();

  /** How long each thread has waited since its last poll. */
  private final Map<Object, Long> waitedNanos = new WeakHashMap<>();

  private int waiters;

  /**
   * @param allowance how long may be waited between two polls
   * @param trip stops the intake, for the reason given
   * @param halfEmptied called when the window has become half empty, or empty
   * @param patience how it waits
   * @param caller who calls, at the time of each call: the thread
   */
  Gate(
      Window window,
      Duration allowance,
      Consumer<String> trip,
      Runnable halfEmptied,
      Patience patience,
      Supplier<Object> caller) {
    this.window = window;
    this.allowanceNanos = allowance.toNanos();
    this.trip = trip;
    this.halfEmptied = halfEmptied;
    this.patience = patience;
    this.caller = caller;
  }

  /**
   * Takes rows into the window, after waiting for room if that is still allowed.
   *
   * @param flowing whether the database takes any rows, so that blocked ones need no room here
   */
  void enter(int rows, long bytes, BooleanSupplier flowing) {
    if (window.tryAdmit(rows, bytes, flowing.getAsBoolean()) || waitFor(rows, bytes, flowing)) {
      return;
    }
    window.admit(rows, bytes);
    trip.accept("the window is full: " + window.count() + " rows in flight");
  }

  /** Takes rows into the window, whether there is room or not. */
  void enterAnyway(int rows, long bytes) {
    window.admit(rows, bytes);
  }

  /** Leaves the room of rows to others: their replicas do not take them. */
  void block(int rows, long bytes) {
    change(() -> window.block(rows, bytes));
  }

  /** Gives back room. */
  void leave(int rows, long bytes) {
    leave(rows, bytes, 0, 0);
  }

  /** Gives back room of rows, some of which were blocked. */
  void leave(int rows, long bytes, int blockedRows, long blockedBytes) {
    change(
        () -> {
          window.block(-blockedRows, -blockedBytes);
          window.release(rows, bytes);
        });
  }

  private void change(Runnable counting) {
    boolean wasHalfEmpty = window.halfEmpty();
    counting.run();
    if ((!wasHalfEmpty && window.halfEmpty()) || window.count() == 0) {
      halfEmptied.run();
    }
    synchronized (lock) {
      if (waiters > 0 && window.roomy()) {
        lock.notifyAll();
      }
    }
  }

  /** The batch that the caller polled last is done: a new allowance begins for it. */
  void nextBatch() {
    synchronized (lock) {
      waitedNanos.remove(caller.get());
    }
  }

  /**
   * Waits until nothing is in flight.
   *
   * @return whether that came true in time
   */
  boolean awaitEmpty(Duration max) throws InterruptedException {
    long end = patience.nanos() + max.toNanos();
    synchronized (lock) {
      waiters++;
      try {
        while (window.count() > 0) {
          long left = end - patience.nanos();
          if (left <= 0) {
            return false;
          }
          patience.await(lock, Math.max(left, 1_000_000));
        }
        return true;
      } finally {
        waiters--;
      }
    }
  }

  private boolean waitFor(int rows, long bytes, BooleanSupplier flowing) {
    Object me = caller.get();
    synchronized (lock) {
      waiters++;
      try {
        while (!window.tryAdmit(rows, bytes, flowing.getAsBoolean())) {
          long left = allowanceNanos - waitedNanos.getOrDefault(me, 0L);
          if (left <= 0) {
            return false;
          }
          long start = patience.nanos();
          patience.await(lock, Math.max(left, 1_000_000));
          waitedNanos.merge(me, patience.nanos() - start, Long::sum);
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
