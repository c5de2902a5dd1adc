package io.postflight.store;

import java.util.List;

/**
 * The nodes that hold a partition, and so succeed or fail with its rows. Opaque: equal for
 * partitions that the same nodes hold.
 */
@FunctionalInterface
public interface Replicas {
  /** Of a store that does not know, or has no nodes. */
  Replicas UNKNOWN = List::of;

  /**
   * Those of the nodes that can coordinate a request now, each opaque, in no order; empty: that is
   * left to the store.
   */
  List<?> coordinators();
}
