package io.postflight.runtime;

import io.postflight.operations.Progress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Shuts a command down gracefully on SIGTERM or Ctrl-C: its thread is interrupted, and the process
 * waits until cleanup is complete.
 */
public final class Shutdown implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(25);

  private final Thread worker;
  private final Thread hook;
  private final CountDownLatch cleanedUp = new CountDownLatch(1);
  private final AtomicBoolean requested = new AtomicBoolean();
  private volatile boolean normalEnd;

  private final Duration timeout;

  private Shutdown(Duration timeout) {
    this.timeout = timeout;
    this.worker = Thread.currentThread();
    this.hook = new Thread(this::onSignal, "postflight-shutdown");
  }

  /**
   * Guards the calling thread from now on, with a timeout that allows servers to stop gracefully.
   */
  public static Shutdown ofThisThread() {
    return ofThisThread(TIMEOUT);
  }

  /**
   * Guards the calling thread from now on.
   *
   * @param timeout maximum duration of the cleanup, after which the process ends
   */
  public static Shutdown ofThisThread(Duration timeout) {
    Shutdown shutdown = new Shutdown(timeout);
    Runtime.getRuntime().addShutdownHook(shutdown.hook);
    return shutdown;
  }

  /**
   * From now on a requested stop is a success: the process exits with 0 instead of the signal's 130
   * or 143.
   */
  public void treatAsSuccess() {
    normalEnd = true;
  }

  /** Whether a stop was requested. */
  public boolean requested() {
    return requested.get();
  }

  /** This progress, but not redrawn once a stop was requested. */
  public Progress silencing(Progress progress) {
    return new Progress() {
      @Override
      public void step(String what) {
        progress.step(what);
      }

      @Override
      public void at(String what, long done, long total, String unit) {
        if (!requested()) {
          progress.at(what, done, total, unit);
        }
      }

      @Override
      public void still(String what) {
        if (!requested()) {
          progress.still(what);
        }
      }

      @Override
      public void clear() {
        progress.clear();
      }
    };
  }

  /** Waits until a stop is requested. */
  public void await() {
    try {
      while (!requested.get()) {
        TimeUnit.DAYS.sleep(1);
      }
    } catch (InterruptedException stopped) {
      // A stop was requested; the interrupt flag stays cleared, so that the cleanup can block.
    }
  }

  /**
   * Waits until a stop is requested, or another event ends the work.
   *
   * @return the event; empty: a stop was requested
   */
  public Optional<String> await(CompletableFuture<String> other) {
    try {
      String happened = other.get();
      return requested.get() ? Optional.empty() : Optional.of(happened);
    } catch (InterruptedException stopped) {
      return Optional.empty();
    } catch (ExecutionException failed) {
      return Optional.of(String.valueOf(failed.getMessage()));
    }
  }

  /** Cleanup is complete: the process may end. */
  @Override
  public void close() {
    cleanedUp.countDown();
    if (!requested.get()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException alreadyEnding) {
        // The hook is running already.
      }
    }
  }

  private void onSignal() {
    requested.set(true);
    worker.interrupt();
    try {
      if (cleanedUp.await(timeout.toMillis(), TimeUnit.MILLISECONDS) && normalEnd) {
        Runtime.getRuntime().halt(0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
