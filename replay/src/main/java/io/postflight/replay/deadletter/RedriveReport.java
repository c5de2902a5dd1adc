package io.postflight.replay.deadletter;

/**
 * What a redrive did.
 *
 * @param read letters looked at
 * @param matched letters that were meant: the sum of those that follow
 * @param redriven sent back; of a dry run: that would be
 * @param skippedErased not sent, since what they are about was erased
 * @param skippedDone not sent, since they had been redriven before
 * @param failed could not be sent; they stand where they stood
 */
public record RedriveReport(
    long read, long matched, long redriven, long skippedErased, long skippedDone, long failed) {}
