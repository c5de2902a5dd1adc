package io.postflight.schema.directory;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Waits for a version, on the monitor of the directory that publishes it. */
final class Versions {
  private Versions() {}

  /** Called while holding the monitor; the publisher calls {@code notifyAll}. */
  static boolean await(Object monitor, LongSupplier current, long version, Duration max) {
    long end = System.nanoTime() + max.toNanos();
    try {
      while (current.getAsLong() < version) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        monitor.wait(left);
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
