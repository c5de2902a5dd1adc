package io.postflight.replay;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a restore for one partition. They are the metadata of its committed offset, so
 * that progress and parameters are one write and always agree.
 *
 * @param tier name of the tier
 * @param range what is restored
 * @param end offset after the last record to be read
 * @param at when it was written, epoch milliseconds
 */
record Checkpoint(String tier, RestoreSettings.ReplayRange range, long end, long at) {
  private static final String VERSION = "restore-2";

  /** Encodes it as words separated by spaces; no value contains a space. */
  String encoded() {
    StringBuilder text = new StringBuilder(VERSION).append(" tier=").append(tier);
    text.append(" from=").append(range.from());
    if (range.to() != null) {
      text.append(" to=").append(range.to());
    }
    if (range.tenant() != null) {
      text.append(" tenant=").append(range.tenant());
    }
    return text.append(" end=").append(end).append(" at=").append(at).toString();
  }

  /**
   * Decodes a checkpoint.
   *
   * @throws ReplayException if the text is not a checkpoint
   */
  static Checkpoint decode(String text) {
    String[] words = text.split(" ", -1);
    if (!words[0].equals(VERSION)) {
      throw ReplayException.invalid(
          "the group's offsets are not those of a restore: their metadata is '" + text + "'");
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      values.put(words[i].substring(0, Math.max(0, equals)), words[i].substring(equals + 1));
    }
    try {
      String to = values.get("to");
      return new Checkpoint(
          values.getOrDefault("tier", ""),
          new RestoreSettings.ReplayRange(
              number(values.get("from")), to == null ? null : number(to), values.get("tenant")),
          number(values.get("end")),
          number(values.get("at")));
    } catch (IllegalArgumentException broken) {
      throw new ReplayException(
          ReplayException.Reason.INVALID,
          "the metadata of the group's offsets cannot be read: '" + text + "'",
          broken);
    }
  }

  private static long number(@Nullable String digits) {
    return Long.parseLong(String.valueOf(digits));
  }
}
