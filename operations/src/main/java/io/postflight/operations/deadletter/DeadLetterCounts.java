package io.postflight.operations.deadletter;

import java.util.Map;

/**
 * Numbers of dead letters.
 *
 * @param deadLetters all of them
 * @param byReason by reason; one with several reasons is counted for each of them
 */
public record DeadLetterCounts(long deadLetters, Map<String, Long> byReason) {}
