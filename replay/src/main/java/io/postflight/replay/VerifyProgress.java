package io.postflight.replay;

/**
 * Progress of a verification.
 *
 * @param done offsets read
 * @param total offsets of the range
 * @param rowsChecked rows checked
 * @param pending rows with a pending recheck or decision
 * @param different rows that differ
 */
public record VerifyProgress(
    long done, long total, long rowsChecked, long pending, long different) {}
