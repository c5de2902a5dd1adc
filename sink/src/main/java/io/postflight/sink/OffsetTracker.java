package io.postflight.sink;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Knows the lowest offset of one partition that has not been acknowledged yet.
 *
 * <p>Offsets are tracked in the order in which they are read, with gaps where the log has
 * transaction markers or compacted records, and acknowledged in any order, from any thread. They
 * stand in a ring, in which each has a ticket: its place in the row of all that was ever tracked
 * here. A ticket is never given twice, so an acknowledgement that comes after the ring was emptied
 * (another generation, a rewind of the log) finds nothing and changes nothing.
 *
 * <pre>
 *   offsets      17  18  19  23  24  25
 *   tickets     101 102 103 104 105 106
 *   acknowledged  .   x   .   x   x   .
 *                 ^ head: 17 may be committed, 18 not
 * </pre>
 *
 * <p>A generation is one stay of the partition with one task. It is opened by its owner, and only
 * the owner may ask what can be committed: another, who still believes to have the partition, gets
 * nothing. Memory grows with what is outstanding, and is kept.
 *
 * <p>Time comes from the caller, in milliseconds of any clock.
 */
public final class OffsetTracker {
  /** Instead of an offset: nothing is known that could be committed. */
  public static final long NOTHING = -1;

  /** Instead of a ticket: the generation is not the current one, nothing was tracked. */
  public static final long STALE = -1;

  /**
   * Something that waits until all that was tracked before it is acknowledged. Called once, without
   * locks, by whoever brought it about; must not block.
   */
  public interface Turn {
    /** Nothing before it is outstanding any more. */
    void come();

    /** Its offset was forgotten: it will be read again, or by another. */
    void lost();
  }

  private static final int INITIAL_CAPACITY = 64;

  private long[] offsets = new long[INITIAL_CAPACITY];
  private long[] trackedAt = new long[INITIAL_CAPACITY];
  private final BitSet acknowledged = new BitSet(INITIAL_CAPACITY);

  /** By ticket, those that wait to be the oldest. */
  private final Map<Long, Turn> turns = new HashMap<>();

  /** Ticket of the oldest outstanding offset. */
  private long head;

  /** The next ticket. */
  private long tail;

  private long generation;
  private @Nullable Object owner;

  /** Offset after the last one tracked in this generation. */
  private long next = NOTHING;

  /**
   * Opens a new generation, which has seen no record. All that was outstanding is forgotten.
   *
   * @param newOwner who may ask {@link #committable}
   * @return the generation, to be named in {@link #track}
   */
  public long open(Object newOwner) {
    List<Turn> lost;
    long opened;
    synchronized (this) {
      lost = forget();
      next = NOTHING;
      owner = newOwner;
      opened = ++generation;
    }
    lost.forEach(Turn::lost);
    return opened;
  }

  /**
   * Ends a generation, unless another has been opened since: the partition was revoked, or its task
   * suspended. What was outstanding is forgotten, and nothing can be committed until the next
   * generation has seen a record.
   */
  public void close(long ofGeneration) {
    List<Turn> lost;
    synchronized (this) {
      if (ofGeneration != generation) {
        return;
      }
      lost = forget();
      next = NOTHING;
      owner = null;
    }
    lost.forEach(Turn::lost);
  }

  /** Whether a generation is open: whether this instance has the partition. */
  public synchronized boolean isOpen() {
    return owner != null;
  }

  /**
   * Notes that an offset is being worked on. An offset at or below an earlier one of this
   * generation means that the log was rewound: what was outstanding is forgotten, since it will be
   * read again.
   *
   * @return the ticket to acknowledge it with, or {@link #STALE}
   */
  public long track(long ofGeneration, long offset, long now) {
    List<Turn> lost = List.of();
    long ticket;
    synchronized (this) {
      if (ofGeneration != generation || owner == null) {
        return STALE;
      }
      if (offset < next) {
        lost = forget();
      }
      if (tail - head == offsets.length) {
        grow();
      }
      int slot = slot(tail);
      offsets[slot] = offset;
      trackedAt[slot] = now;
      next = offset + 1;
      ticket = tail++;
    }
    lost.forEach(Turn::lost);
    return ticket;
  }

  /**
   * Notes that all of a record's writes are done.
   *
   * @return false if the ticket is none of the outstanding ones: an older generation, or a second
   *     acknowledgement
   */
  public boolean acknowledge(long ticket) {
    Turn oldest;
    synchronized (this) {
      if (ticket < head || ticket >= tail || acknowledged.get(slot(ticket))) {
        return false;
      }
      acknowledged.set(slot(ticket));
      while (head < tail && acknowledged.get(slot(head))) {
        acknowledged.clear(slot(head));
        head++;
      }
      oldest = turns.isEmpty() ? null : turns.remove(head);
    }
    if (oldest != null) {
      oldest.come();
    }
    return true;
  }

  /**
   * Tells when all that was tracked before an offset is acknowledged: perhaps within this call.
   *
   * @param ticket of an offset that is not acknowledged, and will not be before its turn
   */
  public void await(long ticket, Turn turn) {
    boolean outstanding;
    synchronized (this) {
      outstanding = ticket >= head && ticket < tail;
      if (outstanding && ticket > head) {
        turns.put(ticket, turn);
        return;
      }
    }
    if (outstanding) {
      turn.come();
    } else {
      turn.lost();
    }
  }

  /**
   * What may be committed of what is asked for.
   *
   * @param asker the owner of the current generation, else nothing may be committed
   * @param requested all records of this generation below it have been tracked
   * @return the requested offset, or the lowest outstanding one if that is lower; {@link #NOTHING}
   *     while no record was seen: what is asked for then stems from an older generation
   */
  public synchronized long committable(Object asker, long requested) {
    if (asker != owner || next == NOTHING) {
      return NOTHING;
    }
    return head == tail ? requested : Math.min(requested, offsets[slot(head)]);
  }

  /** The offset below which all that this generation has seen is acknowledged, or NOTHING. */
  public synchronized long acknowledgedBelow() {
    return head == tail ? next : offsets[slot(head)];
  }

  /** When the oldest outstanding offset was tracked; {@code now} if there is none. */
  public synchronized long oldestTrackedAt(long now) {
    return head == tail ? now : trackedAt[slot(head)];
  }

  /** Offsets that are held: those from the lowest unacknowledged on. */
  public synchronized int outstanding() {
    return (int) (tail - head);
  }

  private List<Turn> forget() {
    head = tail;
    acknowledged.clear();
    List<Turn> lost = List.copyOf(turns.values());
    turns.clear();
    return lost;
  }

  private int slot(long ticket) {
    return (int) ticket & (offsets.length - 1);
  }

  private void grow() {
    int size = offsets.length;
    long[] widerOffsets = new long[size * 2];
    long[] widerTimes = new long[size * 2];
    BitSet wider = new BitSet(size * 2);
    for (long ticket = head; ticket < tail; ticket++) {
      int from = slot(ticket);
      int to = (int) ticket & (size * 2 - 1);
      widerOffsets[to] = offsets[from];
      widerTimes[to] = trackedAt[from];
      wider.set(to, acknowledged.get(from));
    }
    offsets = widerOffsets;
    trackedAt = widerTimes;
    acknowledged.clear();
    acknowledged.or(wider);
  }
}
