package io.postflight.schema.topic;

/**
 * Offsets of one partition.
 *
 * @param from the first
 * @param to after the last; not below from
 */
public record OffsetRange(long from, long to) {
  /** Rejects a range that ends before it starts. */
  public OffsetRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "offsets are " + from + " to " + to + "; allowed: 0 <= from <= to");
    }
  }

  /** Number of offsets: records, and markers of transactions. */
  public long length() {
    return to - from;
  }
}
