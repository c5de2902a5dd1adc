package io.postflight.replay.deadletter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Position of a dead letter, {@code partition:offset}.
 *
 * @param partition of {@code dead.letters}
 * @param offset in that partition
 */
public record DeadLetterId(int partition, long offset) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,6}):([0-9]{1,18})");

  /** Validates. */
  public DeadLetterId {
    if (partition < 0 || offset < 0) {
      throw new IllegalArgumentException(partition + ":" + offset + " is not a dead letter id");
    }
  }

  /**
   * Parses an id.
   *
   * @throws IllegalArgumentException if the text is not an id; the message has the allowed form
   */
  public static DeadLetterId parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a dead letter id; allowed is partition:offset, such as 0:12");
    }
    return new DeadLetterId(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
  }

  @Override
  public String toString() {
    return partition + ":" + offset;
  }
}
