package io.postflight.replay;

/**
 * Offsets of one partition.
 *
 * @param from the first
 * @param to after the last; not below from
 */
record Span(long from, long to) {
  Span {
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
