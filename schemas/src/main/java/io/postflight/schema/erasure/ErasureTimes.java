package io.postflight.schema.erasure;

import org.jspecify.annotations.NullMarked;

/**
 * Write timestamps of deletes. The write timestamp of a message's row is the creation time {@code
 * c} in microseconds plus at most 999, that of an event's row its anchor in microseconds; a command
 * at {@code t} deletes all rows created at or before it, and none created later.
 */
@NullMarked
public final class ErasureTimes {
  private static final long WITHIN_MILLI = 999;

  private ErasureTimes() {}

  /** The write timestamp of the deletes when the sink applies a command, microseconds. */
  public static long micros(Erasure command) {
    return micros(command.getAt());
  }

  /**
   * As {@link #micros(Erasure)}, for a command's time.
   *
   * @param at epoch milliseconds
   */
  public static long micros(long at) {
    return Math.addExact(Math.multiplyExact(at, 1000L), WITHIN_MILLI);
  }

  /**
   * The write timestamp of redactions that the API applies immediately, microseconds: just below
   * the sink's, which has all redactions of the message and takes precedence.
   */
  public static long provisionalMicros(Erasure command) {
    return micros(command) - 1;
  }
}
