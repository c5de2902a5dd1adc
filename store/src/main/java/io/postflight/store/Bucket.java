package io.postflight.store;

/**
 * A slice of time that shares partitions.
 *
 * @param start first millisecond of the slice, epoch milliseconds: the value in the partition key
 * @param end first millisecond after the slice
 */
public record Bucket(long start, long end) {}
