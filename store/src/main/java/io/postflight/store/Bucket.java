package io.postflight.store;

/**
 * A time slice whose rows share partitions.
 *
 * @param start first millisecond of the slice, epoch milliseconds: the value in the partition key
 * @param end first millisecond after the slice
 */
public record Bucket(long start, long end) {}
