package io.postflight.replay;

import java.util.List;

/**
 * Result of a verification.
 *
 * @param records records of the range
 * @param commands erasure commands among them
 * @param unreadable records that cannot be decoded, are inconsistent, or exceed the size limit;
 *     they are dead letters
 * @param rowsChecked rows checked; of several writes of one row that were read together, the last
 * @param rowsExpired rows skipped since they have expired
 * @param rowsErased rows that are absent since they were erased
 * @param rowsDeadLettered rows that are absent since their records were dead-lettered
 * @param late rows that are correct but expire later than the tolerance, within the allowed
 *     lateness
 * @param rowsRechecked rows that differed at first and were checked again
 * @param different rows that differ from the topic
 * @param repaired differing rows that were repaired
 * @param refused rows that the database refuses to read
 * @param problems the first unreadable records and refused rows, with position and reason
 * @param differences the differences, up to the configured number
 * @param redo time ranges to restore again
 * @param millis duration
 */
public record VerifyReport(
    long records,
    long commands,
    long unreadable,
    long rowsChecked,
    long rowsExpired,
    long rowsErased,
    long rowsDeadLettered,
    long late,
    long rowsRechecked,
    long different,
    long repaired,
    long refused,
    List<String> problems,
    List<Difference> differences,
    List<Redo> redo,
    long millis) {
  /**
   * A time range to restore.
   *
   * @param from epoch milliseconds
   * @param to epoch milliseconds, exclusive
   */
  public record Redo(long from, long to) {}

  /** Validates. */
  public VerifyReport {
    problems = List.copyOf(problems);
    differences = List.copyOf(differences);
    redo = List.copyOf(redo);
  }

  /** Whether all tables now match the topic. */
  public boolean clean() {
    return different == repaired && refused == 0;
  }
}
