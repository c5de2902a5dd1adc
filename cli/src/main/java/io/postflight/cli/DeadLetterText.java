package io.postflight.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.replay.deadletter.DeadLetterRecord;
import io.postflight.replay.deadletter.DeadLetterTopic.Listed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Dead letters as they are shown: what is in them came from outside and may be anything. */
final class DeadLetterText {
  private static final int DETAIL = 200;

  private DeadLetterText() {}

  /** One line. */
  static String line(Listed listed) {
    DeadLetterRecord deadLetter = listed.deadLetter();
    return String.join(
        "  ",
        deadLetter.id().toString(),
        Instant.ofEpochMilli(deadLetter.time()).toString(),
        word(deadLetter.reason()),
        word(deadLetter.stage()),
        word(deadLetter.tenant()),
        word(listed.provider()),
        word(deadLetter.source()),
        listed.redriven() ? "redriven" : "-",
        cut(deadLetter.detail()));
  }

  /** What every form has of a dead letter. */
  static void fill(ObjectNode line, Listed listed) {
    DeadLetterRecord deadLetter = listed.deadLetter();
    line.put("id", deadLetter.id().toString());
    line.put("reason", deadLetter.reason());
    line.put("detail", deadLetter.detail());
    line.put("stage", deadLetter.stage());
    line.put("tenant", deadLetter.tenant());
    line.put("provider", listed.provider());
    line.put("time", Instant.ofEpochMilli(deadLetter.time()).toString());
    line.put("source", deadLetter.source());
    line.put("indices", deadLetter.indices());
    Long receivedAt = deadLetter.receivedAt();
    line.put("receivedAt", receivedAt == null ? null : Instant.ofEpochMilli(receivedAt).toString());
    line.put("redriven", listed.redriven());
    line.put("redriveCount", deadLetter.redriveCount());
    line.put("redrivenFrom", deadLetter.redrivenFrom());
  }

  /**
   * The text that bytes are.
   *
   * @return null: they are none, or would do things to a terminal
   */
  static @Nullable String text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.chars().allMatch(DeadLetterText::isPrintable) ? text : null;
    } catch (CharacterCodingException none) {
      return null;
    }
  }

  /** The text, or the bytes in Base64 and a word that says so. */
  static String textOrBase64(byte[] bytes) {
    String text = text(bytes);
    return text == null ? "base64 " + Base64.getEncoder().encodeToString(bytes) : text;
  }

  private static boolean isPrintable(int c) {
    return !Character.isISOControl(c) || c == '\n' || c == '\r' || c == '\t';
  }

  /** On one line, without what would do things to a terminal. */
  static String word(@Nullable String text) {
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
