package io.postflight.replay;

/**
 * Progress of a restore.
 *
 * @param done offsets read and acknowledged
 * @param total offsets of the range
 * @param rowsRead rows of the records read
 * @param rowsWritten rows acknowledged by the database
 * @param rowsExpired rows skipped since they have expired
 * @param rowsErased rows skipped since they were erased
 * @param rowsPerSecond rows written per second since the start
 * @param inFlight rows in flight
 * @param etaSeconds estimated remaining seconds; -1 if unknown
 */
public record RestoreProgress(
    long done,
    long total,
    long rowsRead,
    long rowsWritten,
    long rowsExpired,
    long rowsErased,
    long rowsPerSecond,
    int inFlight,
    long etaSeconds) {}
