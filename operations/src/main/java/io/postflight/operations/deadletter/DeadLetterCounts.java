package io.postflight.operations.deadletter;

import java.util.Map;

/**
 * Numbers of dead letters.
 *
 * @param deadLetters all of them
 * @param byReason by the reason in their headers
 */
public record DeadLetterCounts(long deadLetters, Map<String, Long> byReason) {
  /** Of counts by reason. */
  public static DeadLetterCounts of(Map<String, Long> byReason) {
    return new DeadLetterCounts(
        byReason.values().stream().mapToLong(Long::longValue).sum(), byReason);
  }
}
