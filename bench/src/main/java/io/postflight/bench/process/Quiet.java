package io.postflight.bench.process;

import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** Waits until servers have done what an earlier round has left them to do. */
public final class Quiet {
  private static final long INTERVAL_MILLIS = 300;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(15);

  /** CPU time of an interval that counts as none: a tenth of a core. */
  private static final long IDLE_MICROS = 100 * INTERVAL_MILLIS;

  private Quiet() {}

  /** Returns once processes are idle, or after 15 s. */
  public static void await(Collection<Long> processes) throws InterruptedException {
    long end = System.nanoTime() + LONGEST_NANOS;
    long before = used(processes);
    while (System.nanoTime() < end) {
      Thread.sleep(INTERVAL_MILLIS);
      long now = used(processes);
      if (now - before <= IDLE_MICROS) {
        return;
      }
      before = now;
    }
  }

  private static long used(Collection<Long> processes) {
    return processes.stream().mapToLong(pid -> ProcessUsage.of(pid).cpuMicros()).sum();
  }
}
