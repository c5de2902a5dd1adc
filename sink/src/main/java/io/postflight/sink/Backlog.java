package io.postflight.sink;

import org.jspecify.annotations.Nullable;

/**
 * Bounds how far a partition may run ahead of its lowest unacknowledged record. The window does
 * not: one row that the database does not take (its replicas are down, all others are up) keeps a
 * single place of it, while everything behind that row is written, remembered until the row is
 * done, and read again after a crash.
 */
final class Backlog {
  /** What a partition remembers of so many records takes about 4 MiB. */
  static final int USUAL = 1 << 18;

  private final int most;

  /** The partition that ran too far ahead last. */
  private volatile @Nullable Incarnation crowded;

  /**
   * @param most records that may wait behind one
   */
  Backlog(int most) {
    this.most = most;
  }

  /** Whether too many records wait in this partition, now that one more does. */
  boolean overflows(Incarnation incarnation) {
    if (incarnation.outstanding() <= most) {
      return false;
    }
    crowded = incarnation;
    return true;
  }

  /** Whether the intake has been stopped for it, and need not be any more. */
  boolean hasDrained() {
    return crowded != null && clear();
  }

  /** Whether the intake may go on. */
  boolean clear() {
    Incarnation one = crowded;
    return one == null || one.closed() || one.outstanding() <= most / 2;
  }

  /** In words, for people. */
  String reason() {
    return "more than " + most + " records wait behind one that is not written yet";
  }
}
