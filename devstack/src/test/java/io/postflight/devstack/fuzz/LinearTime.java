package io.postflight.devstack.fuzz;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Checks that an operation takes linear time. Measured is the thread's CPU time, the minimum of
 * several runs, so that other load on the machine does not matter: four times the input may take
 * twelve times as long, while a quadratic operation would take at least sixteen times as long.
 */
public final class LinearTime {
  private static final int RUNS = 5;
  private static final int TRIES = 4;
  private static final double MOST = 12;

  /** Shorter times are dominated by the clock and the compiler. */
  private static final long NEGLIGIBLE_NANOS = 3_000_000;

  private LinearTime() {}

  /**
   * Compares the time for inputs of n, 2n and 4n bytes.
   *
   * @param shape creates an input of about this many bytes
   * @throws AssertionError if the time grew faster in every measurement
   */
  public static void check(String name, int n, IntFunction<byte[]> shape, Consumer<byte[]> work) {
    byte[] small = shape.apply(n);
    byte[] middle = shape.apply(2 * n);
    byte[] large = shape.apply(4 * n);
    String measured = "";
    for (int i = 0; i < TRIES; i++) {
      long least = Math.max(NEGLIGIBLE_NANOS, cpu(small, work));
      long half = cpu(middle, work);
      long most = cpu(large, work);
      if (most <= MOST * least) {
        return;
      }
      measured =
          "%s: %d bytes took %d us, %d bytes %d us, %d bytes %d us of CPU"
              .formatted(
                  name,
                  small.length,
                  least / 1_000,
                  middle.length,
                  half / 1_000,
                  large.length,
                  most / 1_000);
    }
    throw new AssertionError(measured);
  }

  private static long cpu(byte[] input, Consumer<byte[]> work) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      long begun = threads.getCurrentThreadCpuTime();
      work.accept(input);
      least = Math.min(least, threads.getCurrentThreadCpuTime() - begun);
    }
    return least;
  }
}
