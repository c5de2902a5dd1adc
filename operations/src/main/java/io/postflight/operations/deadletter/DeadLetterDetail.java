package io.postflight.operations.deadletter;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.postflight.replay.deadletter.DeadLetterRecord;
import io.postflight.replay.deadletter.DeadLetterTopic.ListedDeadLetter;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter with its content.
 *
 * @param line its listed fields
 * @param key its key, as text or in Base64
 * @param headers its headers, as text or in Base64
 * @param body {@code body}, or {@code bodyBase64} if it is no text
 */
public record DeadLetterDetail(
    @JsonUnwrapped DeadLetterLine line,
    @Nullable String key,
    Map<String, String> headers,
    @JsonAnyGetter Map<String, @Nullable String> body) {
  /** The detail of a dead letter. */
  public static DeadLetterDetail of(ListedDeadLetter listed) {
    DeadLetterRecord deadLetter = listed.deadLetter();
    byte[] key = deadLetter.key();
    Map<String, String> headers = new LinkedHashMap<>();
    deadLetter
        .headers()
        .forEach((name, value) -> headers.put(name, DeadLetterText.textOrBase64(value)));
    return new DeadLetterDetail(
        DeadLetterLine.of(listed),
        key == null ? null : DeadLetterText.textOrBase64(key),
        headers,
        body(deadLetter.value()));
  }

  private static Map<String, @Nullable String> body(byte @Nullable [] body) {
    String text = body == null ? null : DeadLetterText.text(body);
    return body != null && text == null
        ? Map.of("bodyBase64", Base64.getEncoder().encodeToString(body))
        : Collections.singletonMap("body", text);
  }
}
