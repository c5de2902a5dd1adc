package io.postflight.replay;

/**
 * What a scan against the ledger has done.
 *
 * @param rowsScanned rows read, those that are read twice counted twice
 * @param rowsErased rows that were there although they are erased, and are deleted or redacted
 * @param subjects messages and users that the ledger covers
 * @param millis how long it took
 */
public record RecoveryReport(long rowsScanned, long rowsErased, long subjects, long millis) {}
