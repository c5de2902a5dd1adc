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
 * Lets a command end in order on SIGTERM or Ctrl-C: its thread is interrupted, and the process
 * waits until it has cleaned up.
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

  /** Guards the calling thread from now on, with time for servers to stop in order. */
  public static Shutdown ofThisThread() {
    return ofThisThread(TIMEOUT);
  }

  /**
   * Guards the calling thread from now on.
   *
   * @param timeout how long cleaning up may take before the process ends anyway
   */
  public static Shutdown ofThisThread(Duration timeout) {
    Shutdown shutdown = new Shutdown(timeout);
    Runtime.getRuntime().addShutdownHook(shutdown.hook);
    return shutdown;
  }

  /**
   * From now on a requested stop is the normal end of the command: the process ends with 0 instead
   * of the signal's 130 or 143.
   */
  public void treatAsSuccess() {
    normalEnd = true;
  }

  /** Whether a stop was requested. */
  public boolean requested() {
    return requested.get();
  }

  /** The same progress, which is no longer redrawn once a stop was requested. */
  public Progress silencing(Progress progress) {
    return new Progress() {
      @Override
      public void step(String what) {
        progress.step(what);
      }

      @Override
      public void at(String what, long done, long total) {
        if (!requested()) {
          progress.at(what, done, total);
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
      // A stop was requested; the flag stays cleared, so that cleaning up can wait.
    }
  }

  /**
   * Waits until the process is asked to end, or something else happens that ends its work.
   *
   * @return what happened; empty: the process was asked to end
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

  /** Everything is cleaned up: the process may end. */
  @Override
  public void close() {
    cleanedUp.countDown();
    if (!requested.get()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException alreadyEnding) {
        // The hook is running and has just seen that all is done.
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
