package io.postflight.schema.erasure;

import org.jspecify.annotations.NullMarked;

/**
 * Write timestamps of deletes. A row of a message created at {@code b} is stamped {@code b} in
 * microseconds plus at most 999, an event's row its anchor in microseconds; a command at {@code t}
 * deletes all that was created at or before it and nothing created after.
 */
@NullMarked
public final class ErasureTimes {
  private static final long WITHIN_MILLI = 999;

  private ErasureTimes() {}

  /** What the deletes of a command are stamped with when the sink applies it, microseconds. */
  public static long micros(Erasure command) {
    return micros(command.getAt());
  }

  /**
   * The same of a command's time.
   *
   * @param at epoch milliseconds
   */
  public static long micros(long at) {
    return Math.addExact(Math.multiplyExact(at, 1000L), WITHIN_MILLI);
  }

  /**
   * What redactions are stamped with that the API applies at once, microseconds: just below the
   * sink's, which knows all redactions of the message and so has the last word.
   */
  public static long provisionalMicros(Erasure command) {
    return micros(command) - 1;
  }
}
