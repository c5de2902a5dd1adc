package io.postflight.sink.commit;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Tracked and committed offsets of every partition that has been assigned to this instance. */
public final class PartitionOffsets {
  private final Map<TopicPartition, OffsetTracker> trackers = new ConcurrentHashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> committed = new ConcurrentHashMap<>();
  private final Map<TopicPartition, TaskGeneration> current = new ConcurrentHashMap<>();

  /** The first offset read by a partition's current generation, which tracks it later. */
  private final Map<TopicPartition, Long> firstRead = new ConcurrentHashMap<>();

  private final Supplier<Object> caller;
  private final TaskGeneration.Limits limits;

  /**
   * Creates offsets without partitions.
   *
   * @param caller the calling thread, which owns the generations that it opens
   * @param limits bounds of each partition
   */
  public PartitionOffsets(Supplier<Object> caller, TaskGeneration.Limits limits) {
    this.caller = caller;
    this.limits = limits;
  }

  /**
   * Opens a partition's next generation.
   *
   * @param clock milliseconds
   */
  public TaskGeneration begin(TopicPartition partition, LongSupplier clock) {
    TaskGeneration opened = new TaskGeneration(of(partition), caller(), clock, limits);
    current.put(partition, opened);
    forgetFirstRead(partition);
    return opened;
  }

  /** Records of a partition were read from Kafka. */
  public void read(TopicPartition partition, long offset) {
    firstRead.putIfAbsent(partition, offset);
  }

  /** The first offset that the current generation of a partition has read; null: none yet. */
  @Nullable Long firstRead(TopicPartition partition) {
    return firstRead.get(partition);
  }

  /** A partition is read again, from its last commit, or no longer by this instance. */
  void forgetFirstRead(TopicPartition partition) {
    firstRead.remove(partition);
  }

  /** Whether a partition has reached a limit, so that no more of it must be read. */
  public boolean isFull(TopicPartition partition) {
    TaskGeneration generation = current.get(partition);
    return generation != null && generation.isFull();
  }

  /** Number of partitions that have reached a limit. */
  public int pausedPartitions() {
    return (int) current.values().stream().filter(TaskGeneration::isFull).count();
  }

  /** Number of partitions assigned to this instance. */
  public int assignedPartitions() {
    return (int) trackers.values().stream().filter(OffsetTracker::isOpen).count();
  }

  /** The calling thread. */
  Object caller() {
    return caller.get();
  }

  /** The tracker of a partition; the same one for every generation. */
  public OffsetTracker of(TopicPartition partition) {
    return trackers.computeIfAbsent(partition, absent -> new OffsetTracker());
  }

  /**
   * Lowers requested offsets to what may be committed: each to the lowest offset that is not
   * acknowledged yet, with its leader epoch and metadata. A partition of which the caller's current
   * generation has seen no record is left out, since the request stems from an earlier generation.
   */
  Map<TopicPartition, OffsetAndMetadata> clamp(Map<TopicPartition, OffsetAndMetadata> requested) {
    Object thread = caller();
    Map<TopicPartition, OffsetAndMetadata> allowed = new HashMap<>();
    requested.forEach(
        (partition, request) -> {
          OffsetTracker tracker = trackers.get(partition);
          long offset =
              tracker == null
                  ? OffsetTracker.NOTHING
                  : tracker.committable(thread, request.offset());
          if (offset == request.offset()) {
            allowed.put(partition, request);
          } else if (offset != OffsetTracker.NOTHING) {
            allowed.put(
                partition,
                new OffsetAndMetadata(offset, request.leaderEpoch(), request.metadata()));
          }
        });
    return allowed;
  }

  /**
   * Of the requested offsets, those that may be committed and are above the last commit, with the
   * metadata of that commit.
   */
  Map<TopicPartition, OffsetAndMetadata> uncommitted(Map<TopicPartition, Long> requested) {
    Object thread = caller();
    Map<TopicPartition, OffsetAndMetadata> uncommitted = new HashMap<>();
    requested.forEach(
        (partition, request) -> {
          long offset = of(partition).committable(thread, request);
          OffsetAndMetadata last = committed.get(partition);
          if (offset != OffsetTracker.NOTHING && (last == null || last.offset() < offset)) {
            uncommitted.put(
                partition, new OffsetAndMetadata(offset, last == null ? "" : last.metadata()));
          }
        });
    return uncommitted;
  }

  /** Records a commit that Kafka has accepted. */
  void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    committed.putAll(offsets);
  }

  /** The last commit of a partition by this instance. */
  public @Nullable OffsetAndMetadata committed(TopicPartition partition) {
    return committed.get(partition);
  }

  /** A view of all trackers. */
  public Map<TopicPartition, OffsetTracker> all() {
    return trackers;
  }
}
