package io.postflight.cli;

import io.postflight.api.http.Times;
import io.postflight.operations.OperationException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/**
 * A time that is given on the command line.
 *
 * @param text as it was given
 * @param millis epoch milliseconds
 */
record Moment(String text, long millis) {
  /** Before everything. */
  static final Moment START = new Moment("0", 0);

  /** Reads a time; a relative one is before the clock's. */
  static Moment parse(String text, InstantSource clock) {
    return new Moment(
        text,
        Times.millis(text, clock.millis())
            .orElseThrow(() -> new TypeConversionException("not a time: " + text)));
  }

  /**
   * The end of a range that starts at this time, epoch milliseconds; null: none is given.
   *
   * @param from the option that gives this
   * @param to the option that gives the end
   */
  @Nullable Long end(String from, String to, @Nullable Moment end) {
    if (end == null) {
      return null;
    }
    if (end.millis < millis) {
      throw OperationException.usage("%s %s is before %s %s".formatted(to, end.text, from, text));
    }
    return end.millis;
  }
}
