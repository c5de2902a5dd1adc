package io.postflight.replay.deadletter;

/**
 * Result of a redrive.
 *
 * @param dryRun nothing was sent
 * @param read dead letters read
 * @param matched matching dead letters, repeated ones once: the sum of the following
 * @param redriven redriven; in a dry run, those that would be
 * @param skippedErased skipped, since their subject was erased
 * @param skippedDone skipped, since they were redriven before
 * @param failed could not be redriven; they remain unchanged
 */
public record RedriveReport(
    boolean dryRun,
    long read,
    long matched,
    long redriven,
    long skippedErased,
    long skippedDone,
    long failed) {}
