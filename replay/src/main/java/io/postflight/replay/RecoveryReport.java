package io.postflight.replay;

/**
 * Result of a recovery scan.
 *
 * @param rowsScanned rows read; rows read twice count twice
 * @param rowsErased erased rows that were found, and deleted or redacted
 * @param subjects messages and users that the ledger covers
 * @param millis duration
 */
public record RecoveryReport(long rowsScanned, long rowsErased, long subjects, long millis) {}
