package io.postflight.sink.write;

import io.postflight.store.PartitionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Accumulates rows by database partition until they are sent as one statement. Partitions are
 * ordered by the time at which their oldest row arrived.
 *
 * <p>A partition with enough rows for a full statement is sent first. Others are sent immediately
 * while few statements are in flight, since waiting would only add latency. Under load they wait
 * for the linger time, so that more rows of their partition can join: a statement of twenty rows
 * costs the server little more than one of a single row.
 *
 * <p>Rows of a listing wait for the longer {@link SinkLimits.Batch#listingLinger}, even while
 * nothing is in flight, unless their records hold much of the window or they are flushed.
 *
 * <p>A partition whose replicas have reached their limit of statements in flight is parked, so that
 * it does not delay others, until one of these statements completes.
 *
 * <p>Not thread-safe. Time is in nanoseconds.
 */
final class RowAccumulator {
  private final SinkLimits limits;
  private final long lingerNanos;
  private final long listingLingerNanos;
  private final Function<PartitionKey, ReplicaLimiter> limiterOf;

  /** Share of the window that waiting rows of listings may hold, as a divisor. */
  private static final int LISTING_SHARE = 4;

  /** Partitions that are not parked, in order, without those of listings. */
  private final Map<PartitionKey, PartitionRows> prompt = new LinkedHashMap<>();

  /** Partitions of listings that are not parked, in order. */
  private final Map<PartitionKey, PartitionRows> lingering = new LinkedHashMap<>();

  /** What the records of waiting rows of listings hold of the window. */
  private int heldRows;

  private long heldBytes;

  private final Map<PartitionKey, PartitionRows> parked = new HashMap<>();
  private final ArrayDeque<PartitionRows> full = new ArrayDeque<>();

  /** Rows that became blocked since the last call of {@link #takeBlocked}. */
  private List<PendingRow> blocked = new ArrayList<>();

  RowAccumulator(SinkLimits limits, Function<PartitionKey, ReplicaLimiter> limiterOf) {
    this.limits = limits;
    this.lingerNanos = limits.batch().linger().toNanos();
    this.listingLingerNanos = limits.batch().listingLinger().toNanos();
    this.limiterOf = limiterOf;
  }

  void add(PendingRow row, long now) {
    PartitionKey key = row.row().partition();
    PartitionRows queue = parked.get(key);
    if (queue != null) {
      append(queue, row);
      if (row.block()) {
        blocked.add(row);
      }
      return;
    }
    queue = queues(key).get(key);
    if (queue == null) {
      queue = new PartitionRows(key, limiterOf.apply(key), now);
      enqueue(queue);
    }
    append(queue, row);
    hold(queue, row.callback().rows(), row.callback().bytes());
    if (!queue.full && fills(queue)) {
      queue.full = true;
      full.add(queue);
    }
  }

  private Map<PartitionKey, PartitionRows> queues(PartitionKey key) {
    return PendingRow.lingers(key) ? lingering : prompt;
  }

  private void enqueue(PartitionRows queue) {
    queues(queue.key).put(queue.key, queue);
    hold(queue, queue.heldRows, queue.heldBytes);
  }

  private void dequeue(PartitionRows queue) {
    if (queues(queue.key).remove(queue.key) != null) {
      hold(queue, -queue.heldRows, -queue.heldBytes);
    }
  }

  private void hold(PartitionRows queue, int rows, long bytes) {
    if (PendingRow.lingers(queue.key)) {
      heldRows += rows;
      heldBytes += bytes;
    }
  }

  /** The rows of listings that wait do so no longer. */
  void flush() {
    lingering.values().forEach(queue -> queue.flushed = queue.rows.size());
    parked.values().forEach(queue -> queue.flushed = queue.rows.size());
  }

  /** When the first waiting row of a listing has to be sent; empty if none waits. */
  OptionalLong lingerEnd() {
    Iterator<PartitionRows> oldest = lingering.values().iterator();
    return oldest.hasNext()
        ? OptionalLong.of(oldest.next().since + listingLingerNanos)
        : OptionalLong.empty();
  }

  private boolean isDue(PartitionRows listing, long now) {
    return now - listing.since >= listingLingerNanos
        || listing.flushed > 0
        || heldRows > limits.window().rows() / LISTING_SHARE
        || heldBytes > limits.window().bytes() / LISTING_SHARE;
  }

  private static void append(PartitionRows queue, PendingRow row) {
    queue.rows.add(row);
    queue.count(row, 1);
  }

  /**
   * Takes the rows of the next statement.
   *
   * @param eager whether to send rows before a statement is full or the linger time has passed
   * @return one row or more of one partition whose replicas have a free slot; null if nothing is to
   *     be sent now
   */
  @Nullable Batch take(long now, boolean eager) {
    for (PartitionRows queue = full.poll(); queue != null; queue = full.poll()) {
      if (queue.replicas.hasSlot()) {
        return takeFrom(queue, now);
      }
      dequeue(queue);
      park(queue);
    }
    Batch first = takeOldest(prompt, queue -> eager || now - queue.since >= lingerNanos, now);
    return first == null ? takeOldest(lingering, queue -> isDue(queue, now), now) : first;
  }

  private @Nullable Batch takeOldest(
      Map<PartitionKey, PartitionRows> queues, Predicate<PartitionRows> due, long now) {
    while (!queues.isEmpty()) {
      PartitionRows oldest = queues.values().iterator().next();
      if (!due.test(oldest)) {
        return null;
      }
      if (oldest.replicas.hasSlot()) {
        return takeFrom(oldest, now);
      }
      dequeue(oldest);
      park(oldest);
    }
    return null;
  }

  /** A slot of these replicas was released: resumes the partition that was parked first. */
  void unpark(ReplicaLimiter replicas) {
    PartitionRows queue = replicas.unpark();
    if (queue != null) {
      parked.remove(queue.key);
      enqueue(queue);
      queue.full = true;
      full.add(queue);
    }
  }

  /** Resumes as many parked partitions of these replicas as there are free slots. */
  void unparkAll(ReplicaLimiter replicas) {
    for (int count = replicas.parkedCount(); count > 0; count--) {
      unpark(replicas);
    }
  }

  /**
   * Whether a partition that is not parked has rows that were to be sent at that time or before.
   */
  boolean anyWaitsSince(long time) {
    OptionalLong end = lingerEnd();
    if (end.isPresent() && end.getAsLong() <= time) {
      return true;
    }
    Iterator<PartitionRows> oldest = prompt.values().iterator();
    return oldest.hasNext() && oldest.next().since <= time;
  }

  /** The rows that became blocked since the last call. */
  List<PendingRow> takeBlocked() {
    if (blocked.isEmpty()) {
      return List.of();
    }
    List<PendingRow> taken = blocked;
    blocked = new ArrayList<>();
    return taken;
  }

  private void park(PartitionRows queue) {
    queue.full = false;
    parked.put(queue.key, queue);
    queue.replicas.park(queue);
    queue.rows.stream().filter(PendingRow::block).forEach(blocked::add);
  }

  private Batch takeFrom(PartitionRows queue, long now) {
    dequeue(queue);
    List<PendingRow> taken = new ArrayList<>(Math.min(queue.rows.size(), limits.batch().rows()));
    int bytes = 0;
    while (taken.size() < limits.batch().rows()) {
      PendingRow first = queue.rows.peek();
      if (first == null) {
        break;
      }
      int size = first.row().sizeBytes();
      if (!taken.isEmpty() && bytes + size > limits.batch().bytes()) {
        break;
      }
      bytes += size;
      taken.add(first);
      queue.rows.remove();
      queue.count(first, -1);
    }
    queue.full = false;
    queue.flushed = Math.max(0, queue.flushed - taken.size());
    if (!queue.rows.isEmpty()) {
      queue.since = now;
      enqueue(queue);
      if (fills(queue)) {
        queue.full = true;
        full.add(queue);
      }
    }
    return new Batch(queue.replicas, taken);
  }

  /** Removes the rows that were cancelled and adds them to the list. */
  void dropCancelled(List<PendingRow> dropped) {
    dropCancelled(List.copyOf(prompt.values()), dropped);
    dropCancelled(List.copyOf(lingering.values()), dropped);
    for (Iterator<PartitionRows> each = parked.values().iterator(); each.hasNext(); ) {
      PartitionRows queue = each.next();
      dropCancelled(queue, dropped);
      if (queue.rows.isEmpty()) {
        each.remove();
        queue.replicas.unpark(queue);
      }
    }
  }

  private void dropCancelled(List<PartitionRows> queues, List<PendingRow> dropped) {
    for (PartitionRows queue : queues) {
      dequeue(queue);
      dropCancelled(queue, dropped);
      if (queue.full && (queue.rows.isEmpty() || !fills(queue))) {
        queue.full = false;
        full.remove(queue);
      }
      if (!queue.rows.isEmpty()) {
        enqueue(queue); // in the same order
      }
    }
  }

  private static void dropCancelled(PartitionRows queue, List<PendingRow> dropped) {
    for (Iterator<PendingRow> rows = queue.rows.iterator(); rows.hasNext(); ) {
      PendingRow row = rows.next();
      if (row.callback().cancelled()) {
        rows.remove();
        queue.count(row, -1);
        dropped.add(row);
      }
    }
  }

  private boolean fills(PartitionRows queue) {
    return queue.rows.size() >= limits.batch().rows() || queue.bytes >= limits.batch().bytes();
  }

  /**
   * Rows of one statement.
   *
   * @param replicas limiter of their replicas
   */
  record Batch(ReplicaLimiter replicas, List<PendingRow> rows) {}

  /** Rows of one partition. */
  static final class PartitionRows {
    private final PartitionKey key;
    private final ReplicaLimiter replicas;
    private final ArrayDeque<PendingRow> rows = new ArrayDeque<>(4);
    private long since;
    private long bytes;
    private int heldRows;
    private long heldBytes;
    private boolean full;

    /** Rows, from the first on, that do not wait for others. */
    private int flushed;

    private PartitionRows(PartitionKey key, ReplicaLimiter replicas, long since) {
      this.key = key;
      this.replicas = replicas;
      this.since = since;
    }

    /** A row is added, or removed if the sign is -1. */
    private void count(PendingRow row, int sign) {
      bytes += sign * (long) row.row().sizeBytes();
      heldRows += sign * row.callback().rows();
      heldBytes += sign * row.callback().bytes();
    }
  }
}
