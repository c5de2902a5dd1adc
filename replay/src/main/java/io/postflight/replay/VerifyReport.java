package io.postflight.replay;

import java.util.List;

/**
 * What a verification has found.
 *
 * @param records records of the range
 * @param commands those of them that are commands of erasure
 * @param unreadable those of them that nobody can read, that contradict themselves, or that are too
 *     large ever to be stored; they are in the dead letters
 * @param rowsChecked rows looked at; of several writes of one row that were read together, the last
 * @param rowsExpired rows left out since their life is over
 * @param rowsErased rows that are rightly not there
 * @param rowsDeadLettered rows that are not there since the sink has made dead letters of their
 *     records
 * @param late rows that are right but that they will live longer than the tolerance allows, within
 *     what is borne
 * @param rowsRechecked rows that were not right at first and were looked at again
 * @param different rows that are not as the topic says
 * @param repaired those of them that a repair has put right
 * @param refused rows that the database refuses to read, so that nothing is known of them
 * @param problems the first unreadable records and refused rows, with where they stand and why
 * @param differences what is different, as many as were to be kept
 * @param redo which times to restore again
 * @param millis how long it took
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
   * A range of time that a restore would have to cover.
   *
   * @param from epoch milliseconds
   * @param to epoch milliseconds, not included
   */
  public record Redo(long from, long to) {}

  /** Copies the lists. */
  public VerifyReport {
    problems = List.copyOf(problems);
    differences = List.copyOf(differences);
    redo = List.copyOf(redo);
  }

  /** Whether all tables are known to be as the topic says, now. */
  public boolean clean() {
    return different == repaired && refused == 0;
  }
}
