package io.postflight.operations.deadletter;

import io.postflight.replay.deadletter.DeadLetterRecord;
import io.postflight.replay.deadletter.DeadLetterTopic.ListedDeadLetter;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formats dead letters for a terminal; their content is not trusted. */
public final class DeadLetterText {
  private static final int DETAIL = 200;

  private DeadLetterText() {}

  /** One line. */
  public static String line(ListedDeadLetter listed) {
    DeadLetterRecord deadLetter = listed.deadLetter();
    return String.join(
        "  ",
        deadLetter.id().toString(),
        Instant.ofEpochMilli(deadLetter.time()).toString(),
        word(String.join(",", deadLetter.reasons())),
        word(deadLetter.stage()),
        word(deadLetter.tenant()),
        word(listed.provider()),
        word(deadLetter.source()),
        listed.redriven() ? "redriven" : "-",
        cut(deadLetter.detail()));
  }

  /**
   * Prints one with its headers and its key.
   *
   * @param body whether its original bytes follow
   */
  public static void print(ListedDeadLetter listed, boolean body, PrintStream out) {
    DeadLetterRecord deadLetter = listed.deadLetter();
    out.println(line(listed));
    deadLetter
        .headers()
        .forEach(
            (name, value) -> out.printf("  %-22s %s%n", word(name), word(textOrBase64(value))));
    byte[] key = deadLetter.key();
    if (key != null) {
      out.printf("  %-22s %s%n", "(key)", word(textOrBase64(key)));
    }
    if (body) {
      byte[] value = deadLetter.value();
      out.println();
      out.println(value == null ? "(no value)" : textOrBase64(value));
    }
  }

  /** Their number, and that by reason, on one line. */
  public static String line(DeadLetterCounts counts) {
    String total = counts.deadLetters() + " dead letter" + (counts.deadLetters() == 1 ? "" : "s");
    String byReason =
        counts.byReason().entrySet().stream()
            .map(count -> count.getKey() + " " + count.getValue())
            .collect(Collectors.joining(", "));
    return byReason.isEmpty() ? total : total + ": " + byReason;
  }

  /**
   * The text encoded by bytes.
   *
   * @return null if they are no text, or contain control characters
   */
  public static @Nullable String text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.chars().allMatch(DeadLetterText::isPrintable) ? text : null;
    } catch (CharacterCodingException none) {
      return null;
    }
  }

  /** The text, or {@code base64} and the bytes in Base64. */
  public static String textOrBase64(byte[] bytes) {
    String text = text(bytes);
    return text == null ? "base64 " + Base64.getEncoder().encodeToString(bytes) : text;
  }

  private static boolean isPrintable(int c) {
    return !Character.isISOControl(c) || c == '\n' || c == '\r' || c == '\t';
  }

  /** On one line, without control characters. */
  public static String word(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return "-";
    }
    StringBuilder clean = new StringBuilder();
    text.chars().forEach(c -> clean.append(Character.isISOControl(c) ? '?' : (char) c));
    return clean.toString();
  }

  private static String cut(@Nullable String detail) {
    String clean = word(Objects.requireNonNullElse(detail, ""));
    return clean.length() <= DETAIL ? clean : clean.substring(0, DETAIL - 1) + "…";
  }
}
