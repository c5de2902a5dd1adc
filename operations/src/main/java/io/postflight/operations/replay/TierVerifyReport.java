package io.postflight.operations.replay;

import io.postflight.replay.VerifyReport;
import java.time.Instant;
import java.util.List;

/**
 * The result of a verification of a tier. The fields are those of {@link VerifyReport}.
 *
 * @param tier the tier
 * @param differences rows that differ from the topic
 * @param redo ranges to restore again
 * @param seconds duration
 */
public record TierVerifyReport(
    String tier,
    long records,
    long unreadable,
    long rowsChecked,
    long rowsExpired,
    long rowsErased,
    long rowsDeadLettered,
    long late,
    long rowsRechecked,
    long differences,
    long repaired,
    long refused,
    List<String> problems,
    List<RestoreRange> redo,
    double seconds) {
  /** A range of time, in RFC 3339; the end is not included. */
  public record RestoreRange(String from, String to) {}

  static TierVerifyReport of(String tier, VerifyReport report) {
    return new TierVerifyReport(
        tier,
        report.records(),
        report.unreadable(),
        report.rowsChecked(),
        report.rowsExpired(),
        report.rowsErased(),
        report.rowsDeadLettered(),
        report.late(),
        report.rowsRechecked(),
        report.different(),
        report.repaired(),
        report.refused(),
        report.problems(),
        report.redo().stream()
            .map(
                range ->
                    new RestoreRange(
                        Instant.ofEpochMilli(range.from()).toString(),
                        Instant.ofEpochMilli(range.to()).toString()))
            .toList(),
        report.millis() / 1e3);
  }

  /** Copies the lists. */
  public TierVerifyReport {
    problems = List.copyOf(problems);
    redo = List.copyOf(redo);
  }

  /** Whether all tables match the topic. */
  public boolean clean() {
    return differences == repaired && refused == 0;
  }
}
