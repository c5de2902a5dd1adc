package io.postflight.replay;

import io.postflight.store.Table;

/**
 * Progress of a {@link RecoveryScan}.
 *
 * @param table being scanned
 * @param done slices scanned in all passes
 * @param total slices in all passes
 * @param rowsScanned rows read
 * @param rowsErased rows erased
 * @param rowsPerSecond rows per second since the start
 */
public record ScanProgress(
    Table table, long done, long total, long rowsScanned, long rowsErased, long rowsPerSecond) {}
