package io.postflight.sink;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The trackers of all partitions that this instance has ever had, and what was committed of them.
 */
final class Trackers {
  private final Map<TopicPartition, OffsetTracker> trackers = new ConcurrentHashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> committed = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Incarnation> current = new ConcurrentHashMap<>();
  private final Supplier<Object> caller;
  private final Incarnation.Limits limits;

  /**
   * @param caller who calls, at the time of each call: the thread, which owns the generations that
   *     it opens
   * @param limits of each partition
   */
  Trackers(Supplier<Object> caller, Incarnation.Limits limits) {
    this.caller = caller;
    this.limits = limits;
  }

  /**
   * Opens a partition's next generation.
   *
   * @param clock milliseconds
   */
  Incarnation begin(TopicPartition partition, LongSupplier clock) {
    Incarnation begun = new Incarnation(of(partition), caller(), clock, limits);
    current.put(partition, begun);
    return begun;
  }

  /** Whether so much of a partition waits that no more of it is to be read. */
  boolean full(TopicPartition partition) {
    Incarnation incarnation = current.get(partition);
    return incarnation != null && incarnation.full();
  }

  /** How many of the partitions are full. */
  int fullPartitions() {
    return (int) current.values().stream().filter(Incarnation::full).count();
  }

  /** How many partitions this instance has. */
  int openPartitions() {
    return (int) trackers.values().stream().filter(OffsetTracker::isOpen).count();
  }

  /** Who calls: the owner of what is opened now. */
  Object caller() {
    return caller.get();
  }

  /** The tracker of a partition; always the same one. */
  OffsetTracker of(TopicPartition partition) {
    return trackers.computeIfAbsent(partition, absent -> new OffsetTracker());
  }

  /**
   * What may be committed of what is asked for: each offset held back to the lowest one not yet
   * acknowledged, with its leader epoch and metadata. A partition of which the caller's current
   * generation has seen no record is left out: what is asked for it stems from an earlier one.
   */
  Map<TopicPartition, OffsetAndMetadata> clamp(Map<TopicPartition, OffsetAndMetadata> requested) {
    Object asker = caller();
    Map<TopicPartition, OffsetAndMetadata> allowed = new HashMap<>();
    requested.forEach(
        (partition, wish) -> {
          OffsetTracker tracker = trackers.get(partition);
          long offset =
              tracker == null ? OffsetTracker.NOTHING : tracker.committable(asker, wish.offset());
          if (offset == wish.offset()) {
            allowed.put(partition, wish);
          } else if (offset != OffsetTracker.NOTHING) {
            allowed.put(
                partition, new OffsetAndMetadata(offset, wish.leaderEpoch(), wish.metadata()));
          }
        });
    return allowed;
  }

  /**
   * Of what is asked for, that which may be committed and goes beyond what is committed, with the
   * metadata of the last commit.
   */
  Map<TopicPartition, OffsetAndMetadata> owed(Map<TopicPartition, Long> requested) {
    Object asker = caller();
    Map<TopicPartition, OffsetAndMetadata> owed = new HashMap<>();
    requested.forEach(
        (partition, wish) -> {
          long offset = of(partition).committable(asker, wish);
          OffsetAndMetadata last = committed.get(partition);
          if (offset != OffsetTracker.NOTHING && (last == null || last.offset() < offset)) {
            owed.put(partition, new OffsetAndMetadata(offset, last == null ? "" : last.metadata()));
          }
        });
    return owed;
  }

  /** Notes a commit that Kafka has taken. */
  void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    committed.putAll(offsets);
  }

  /** The last commit of a partition by this instance. */
  @Nullable OffsetAndMetadata committed(TopicPartition partition) {
    return committed.get(partition);
  }

  /** A view of all trackers. */
  Map<TopicPartition, OffsetTracker> all() {
    return trackers;
  }
}
