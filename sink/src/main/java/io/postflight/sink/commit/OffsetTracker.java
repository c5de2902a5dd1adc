package io.postflight.sink.commit;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tracks the lowest offset of one partition that is not acknowledged yet.
 *
 * <p>Offsets are tracked in the order in which they are read, with gaps where the log has
 * transaction markers or compacted records, and acknowledged in any order, from any thread. They
 * are kept in a ring buffer, in which each has a ticket: a sequence number that is never reused. So
 * an acknowledgement that arrives after the buffer was cleared (another generation, a rewind of the
 * log) has no effect.
 *
 * <pre>
 *   offsets      17  18  19  23  24  25
 *   tickets     101 102 103 104 105 106
 *   acknowledged  .   x   .   x   x   .
 *                 ^ head: 17 may be committed, 18 not
 * </pre>
 *
 * <p>A generation is one assignment of the partition to a task. It is opened by its owner, and only
 * the owner may ask what can be committed: a former owner gets nothing. The buffer grows with the
 * number of outstanding offsets and never shrinks; every operation takes amortized constant time.
 *
 * <p>Time is passed by the caller, in milliseconds of any clock.
 */
public final class OffsetTracker {
  /** Returned instead of an offset: nothing can be committed. */
  public static final long NOTHING = -1;

  /** Returned instead of a ticket: the generation is not the current one, nothing was tracked. */
  public static final long STALE = -1;

  /**
   * Called once all offsets tracked before a ticket are acknowledged, or the ticket was dropped.
   * Called once, without locks; must not block.
   */
  public interface TicketListener {
    /** All earlier offsets are acknowledged. */
    void onReady();

    /** Its offset was dropped: it will be read again, by this instance or another. */
    void onRevoked();
  }

  private static final int INITIAL_CAPACITY = 64;

  private long[] offsets = new long[INITIAL_CAPACITY];
  private long[] trackedAt = new long[INITIAL_CAPACITY];
  private final BitSet acknowledged = new BitSet(INITIAL_CAPACITY);

  /** Listeners by ticket. */
  private final Map<Long, TicketListener> listeners = new HashMap<>();

  /** Ticket of the oldest outstanding offset. */
  private long head;

  /** The next ticket. */
  private long tail;

  private long generation;
  private @Nullable Object owner;

  /** Offset after the last one tracked in this generation. */
  private long next = NOTHING;

  /**
   * Opens a new generation, which has seen no record. All outstanding offsets are dropped.
   *
   * @param newOwner who may ask {@link #committable}
   * @return the generation, to be passed to {@link #track}
   */
  public long open(Object newOwner) {
    List<TicketListener> lost;
    long opened;
    synchronized (this) {
      lost = forget();
      next = NOTHING;
      owner = newOwner;
      opened = ++generation;
    }
    lost.forEach(TicketListener::onRevoked);
    return opened;
  }

  /**
   * Ends a generation, unless another has been opened since: the partition was revoked, or its task
   * suspended. Outstanding offsets are dropped, and nothing can be committed until the next
   * generation has seen a record.
   */
  public void close(long ofGeneration) {
    List<TicketListener> lost;
    synchronized (this) {
      if (ofGeneration != generation) {
        return;
      }
      lost = forget();
      next = NOTHING;
      owner = null;
    }
    lost.forEach(TicketListener::onRevoked);
  }

  /** Whether a generation is open, that is, whether the partition is assigned to this instance. */
  public synchronized boolean isOpen() {
    return owner != null;
  }

  /**
   * Starts to track an offset. An offset at or below an earlier one of this generation means that
   * the log was rewound: outstanding offsets are dropped, since they will be read again.
   *
   * @return the ticket to acknowledge it with, or {@link #STALE}
   */
  public long track(long ofGeneration, long offset, long now) {
    List<TicketListener> lost = List.of();
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
    lost.forEach(TicketListener::onRevoked);
    return ticket;
  }

  /**
   * Acknowledges that all writes of a record are done.
   *
   * @return false if the ticket is not outstanding: it is of an older generation, or acknowledged
   *     already
   */
  public boolean acknowledge(long ticket) {
    TicketListener oldest;
    synchronized (this) {
      if (ticket < head || ticket >= tail || acknowledged.get(slot(ticket))) {
        return false;
      }
      acknowledged.set(slot(ticket));
      while (head < tail && acknowledged.get(slot(head))) {
        acknowledged.clear(slot(head));
        head++;
      }
      oldest = listeners.isEmpty() ? null : listeners.remove(head);
    }
    if (oldest != null) {
      oldest.onReady();
    }
    return true;
  }

  /**
   * Calls the listener once all offsets tracked before a ticket are acknowledged, possibly within
   * this call.
   *
   * @param ticket a ticket that is not acknowledged, and will not be before the listener was called
   */
  public void await(long ticket, TicketListener listener) {
    boolean outstanding;
    synchronized (this) {
      outstanding = ticket >= head && ticket < tail;
      if (outstanding && ticket > head) {
        listeners.put(ticket, listener);
        return;
      }
    }
    if (outstanding) {
      listener.onReady();
    } else {
      listener.onRevoked();
    }
  }

  /**
   * Lowers a requested offset to what may be committed.
   *
   * @param caller the owner of the current generation, else nothing may be committed
   * @param requested all records of this generation below it have been tracked
   * @return the requested offset, or the lowest outstanding one if that is lower; {@link #NOTHING}
   *     while no record was seen, since the request then stems from an older generation
   */
  public synchronized long committable(Object caller, long requested) {
    if (caller != owner || next == NOTHING) {
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

  /** Number of offsets held: from the lowest unacknowledged one on. */
  public synchronized int outstanding() {
    return (int) (tail - head);
  }

  private List<TicketListener> forget() {
    head = tail;
    acknowledged.clear();
    List<TicketListener> lost = List.copyOf(listeners.values());
    listeners.clear();
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
