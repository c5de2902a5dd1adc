package io.postflight.replay.deadletter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a dead letter stands; written {@code partition:offset}.
 *
 * @param partition of {@code dead.letters}
 * @param offset in that partition
 */
public record DeadLetterId(int partition, long offset) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,6}):([0-9]{1,18})");

  /** Refuses what is no place. */
  public DeadLetterId {
    if (partition < 0 || offset < 0) {
      throw new IllegalArgumentException(partition + ":" + offset + " is no dead letter's id");
    }
  }

  /**
   * The id that a text says.
   *
   * @throws IllegalArgumentException if it says none, naming it and what is allowed
   */
  public static DeadLetterId parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no dead letter's id; it must be partition:offset, such as 0:12");
    }
    return new DeadLetterId(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
  }

  @Override
  public String toString() {
    return partition + ":" + offset;
  }
}
