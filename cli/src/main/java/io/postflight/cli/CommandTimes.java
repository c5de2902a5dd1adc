package io.postflight.cli;

import io.postflight.api.http.Times;
import io.postflight.operations.OperationException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Times as they are given on the command line. */
final class CommandTimes {
  private CommandTimes() {}

  /**
   * A moment, epoch milliseconds.
   *
   * @throws OperationException naming the option, its value and what is allowed
   */
  static long millis(String option, String text, InstantSource clock) {
    return Times.millis(text, clock.millis())
        .orElseThrow(
            () ->
                OperationException.usage(
                    option + " " + text + " is not a time; allowed: " + Times.ALLOWED));
  }

  /**
   * The end of a range that {@code --from} begins, epoch milliseconds; null: none is given.
   *
   * @throws OperationException if it is no time, or before the beginning
   */
  static @Nullable Long end(@Nullable String to, long begin, String from, InstantSource clock) {
    if (to == null) {
      return null;
    }
    long end = millis("--to", to, clock);
    if (end < begin) {
      throw OperationException.usage("--to " + to + " is before --from " + from);
    }
    return end;
  }
}
