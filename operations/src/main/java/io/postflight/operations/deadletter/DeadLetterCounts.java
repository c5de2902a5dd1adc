package io.postflight.operations.deadletter;

import java.util.Map;

/**
 * How many dead letters there are.
 *
 * @param letters all of them
 * @param byReason by the reason that their headers give
 */
public record DeadLetterCounts(long letters, Map<String, Long> byReason) {
  /** Of counts by reason. */
  public static DeadLetterCounts of(Map<String, Long> byReason) {
    return new DeadLetterCounts(
        byReason.values().stream().mapToLong(Long::longValue).sum(), byReason);
  }
}
