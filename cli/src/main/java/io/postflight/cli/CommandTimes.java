package io.postflight.cli;

import io.postflight.api.http.Times;
import io.postflight.operations.OperationException;
import java.time.InstantSource;

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
}
