package io.postflight.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a restore has done; of one that was gone on with, since then.
 *
 * @param id name of the job
 * @param dryRun whether it only counted
 * @param records records read
 * @param commands those of them that are commands of erasure
 * @param unreadable those of them that nobody can read, that contradict themselves, or that are too
 *     large ever to be stored; the sink has put them among the dead letters
 * @param refused those of them of which the database will never take a row
 * @param rowsRead rows that records stand for
 * @param rowsWritten rows that the database has acknowledged; of a dry run, those that would be
 *     written
 * @param rowsExpired rows left out since their life is over
 * @param rowsErased rows left out since they were erased
 * @param erasures commands applied again at the end
 * @param rowsErasedAgain rows that those found and erased or changed
 * @param problems the first unreadable and refused records, with where they stand and why
 * @param coveredFrom the topic has lost records before this, epoch milliseconds; null: it has all
 *     that were asked for
 * @param millis how long it took
 */
public record RestoreReport(
    String id,
    boolean dryRun,
    long records,
    long commands,
    long unreadable,
    long refused,
    long rowsRead,
    long rowsWritten,
    long rowsExpired,
    long rowsErased,
    long erasures,
    long rowsErasedAgain,
    List<String> problems,
    @Nullable Long coveredFrom,
    long millis) {
  /** Copies the list. */
  public RestoreReport {
    problems = List.copyOf(problems);
  }

  /** Rows written a second. */
  public long rowsPerSecond() {
    return rowsWritten * 1000 / Math.max(1, millis);
  }
}
