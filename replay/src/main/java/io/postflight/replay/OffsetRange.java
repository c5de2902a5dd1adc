package io.postflight.replay;

/**
 * Offsets of one partition.
 *
 * @param from the first
 * @param to after the last; not below from
 */
record OffsetRange(long from, long to) {
  OffsetRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "span is " + from + " to " + to + "; allowed: 0 <= from <= to");
    }
  }

  boolean isEmpty() {
    return from == to;
  }

  long length() {
    return to - from;
  }
}
