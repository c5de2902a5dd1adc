package io.postflight.operations.replay;

import io.postflight.replay.RecoveryReport;
import org.jspecify.annotations.Nullable;

/**
 * The result of finishing the recovery of a tier.
 *
 * @param tier the tier
 * @param recovery its phase of recovery, which is none
 * @param subjects messages and users that the ledger covers
 * @param rowsScanned rows read
 * @param rowsErased rows that the ledger covers and that still existed
 * @param seconds duration
 */
public record TierRecoveryReport(
    String tier,
    @Nullable String recovery,
    long subjects,
    long rowsScanned,
    long rowsErased,
    double seconds) {
  static TierRecoveryReport of(String tier, RecoveryReport report) {
    return new TierRecoveryReport(
        tier,
        null,
        report.subjects(),
        report.rowsScanned(),
        report.rowsErased(),
        report.millis() / 1e3);
  }
}
