package io.postflight.operations.replay;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postflight.replay.RestoreReport;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a restore of a tier. The fields are those of {@link RestoreReport}.
 *
 * @param tier the tier
 * @param erasuresApplied commands of erasure that were applied again
 * @param coveredFrom the topic has lost records before this, in RFC 3339; null: it has all
 * @param seconds duration
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TierRestoreReport(
    String id,
    String tier,
    boolean dryRun,
    long records,
    long rowsRead,
    long rowsWritten,
    long rowsExpired,
    long rowsErased,
    long identities,
    long erasuresApplied,
    long rowsErasedAgain,
    long unreadable,
    long refused,
    List<String> problems,
    @Nullable String coveredFrom,
    double seconds,
    long rowsPerSecond) {
  static TierRestoreReport of(String tier, RestoreReport report) {
    Long coveredFrom = report.coveredFrom();
    return new TierRestoreReport(
        report.id(),
        tier,
        report.dryRun(),
        report.records(),
        report.rowsRead(),
        report.rowsWritten(),
        report.rowsExpired(),
        report.rowsErased(),
        report.identities(),
        report.erasures(),
        report.rowsErasedAgain(),
        report.unreadable(),
        report.refused(),
        report.problems(),
        coveredFrom == null ? null : Instant.ofEpochMilli(coveredFrom).toString(),
        report.millis() / 1e3,
        report.rowsPerSecond());
  }

  /** Copies the list. */
  public TierRestoreReport {
    problems = List.copyOf(problems);
  }
}
