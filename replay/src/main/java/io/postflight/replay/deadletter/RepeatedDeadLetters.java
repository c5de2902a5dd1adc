package io.postflight.replay.deadletter;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Recognizes dead letters that were written again. The normalizer and the sinks run at least once:
 * after a crash they read records again, and write the dead letters of these again.
 *
 * <p>A dead letter repeats another if both are of the same entries of the same source record. A
 * record that fails again after a redrive is another source record. What is repeated was written
 * shortly before, so only the latest {@value #REMEMBERED} are remembered; beyond that a repeated
 * one is treated like any other.
 *
 * <p>Not thread-safe.
 */
final class RepeatedDeadLetters {
  private static final int REMEMBERED = 100_000;

  private final Map<String, DeadLetterId> latest =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DeadLetterId> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Whether a dead letter repeats one that was passed before. */
  boolean repeats(DeadLetterRecord deadLetter) {
    String source = deadLetter.source();
    if (source == null) {
      return false;
    }
    // The time distinguishes records of a topic that was deleted and created again.
    String entries = source + '/' + deadLetter.sourceTimestamp() + '/' + deadLetter.indices();
    return latest.putIfAbsent(entries, deadLetter.id()) != null;
  }
}
