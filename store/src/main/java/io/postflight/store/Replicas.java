package io.postflight.store;

import java.util.List;

/**
 * The replicas of a partition, whose availability determines whether its rows can be written.
 * Opaque; equal for partitions with the same replicas.
 */
@FunctionalInterface
public interface Replicas {
  /** Replicas of a store that does not know them, or has no nodes. */
  Replicas UNKNOWN = List::of;

  /**
   * The nodes that can currently coordinate a request, each opaque, in no order; empty if the store
   * selects one.
   */
  List<?> coordinators();
}
