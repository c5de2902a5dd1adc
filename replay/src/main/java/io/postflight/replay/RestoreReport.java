package io.postflight.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Result of a restore; of a resumed one, since it was resumed.
 *
 * @param id id of the job
 * @param dryRun whether it only counted rows
 * @param records records read
 * @param commands erasure commands among them
 * @param unreadable records that cannot be decoded, are inconsistent, or exceed the size limit; the
 *     sink has dead-lettered them
 * @param refused records with a row that the database rejects
 * @param rowsRead rows of the records read
 * @param rowsWritten rows acknowledged by the database; in a dry run, rows that would be written
 * @param rowsExpired rows skipped since they have expired
 * @param rowsErased rows skipped since they were erased
 * @param identities rows with the links of an id that were written again from the topic of all
 *     links, besides the others; in a dry run, those that would be
 * @param erasures erasure commands applied again at the end
 * @param rowsErasedAgain rows that those commands erased or changed
 * @param problems the first unreadable and refused records, with position and reason
 * @param coveredFrom records before this were deleted from the topic, epoch milliseconds; null: the
 *     range is complete
 * @param millis duration
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
    long identities,
    long erasures,
    long rowsErasedAgain,
    List<String> problems,
    @Nullable Long coveredFrom,
    long millis) {
  /** Validates. */
  public RestoreReport {
    problems = List.copyOf(problems);
  }

  /** Rows written per second. */
  public long rowsPerSecond() {
    return rowsWritten * 1000 / Math.max(1, millis);
  }
}
