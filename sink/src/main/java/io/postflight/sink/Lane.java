package io.postflight.sink;

import io.postflight.store.Replicas;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one set of replicas, so that replicas in trouble occupy their own slots
 * only. Guarded by the lock of its queue.
 */
final class Lane {
  /** So many failures with no success between are the replicas' and not a row's. */
  private static final int TROUBLE = 3;

  /** After so long without a success the next one means that the replicas are back. */
  private static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();

  /** What the lanes of a queue share. */
  static final class Slots {
    private final int all;

    /** Lanes with statements that are not settled. */
    private int busy;

    /**
     * @param all statements under way in the queue
     */
    Slots(int all) {
      this.all = all;
    }
  }

  final Replicas replicas;
  private final Slots slots;

  /** Lines of rows that wait for a slot here. */
  private final ArrayDeque<Lines.Line> parked = new ArrayDeque<>();

  private int used;
  private int failures;
  private long lastSuccess;

  Lane(Replicas replicas, Slots slots, long now) {
    this.replicas = replicas;
    this.slots = slots;
    this.lastSuccess = now;
  }

  /**
   * Half of all, so that one lane in trouble leaves the other half. A lane that is alone has twice
   * as many: those that wait for a timeout come on top of those that are under way.
   */
  boolean hasSlot() {
    boolean alone = slots.busy == (used > 0 ? 1 : 0);
    return used < (alone ? 2 * slots.all : Math.max(1, slots.all / 2));
  }

  /** A statement begins; it keeps its slot until it is settled, also while it backs off. */
  void occupy() {
    if (used++ == 0) {
      slots.busy++;
    }
  }

  void free() {
    if (--used == 0) {
      slots.busy--;
    }
  }

  void park(Lines.Line line) {
    parked.add(line);
  }

  /** The line that has waited longest, if a slot is free; null: none. */
  Lines.@Nullable Line unpark() {
    return hasSlot() ? parked.poll() : null;
  }

  void unpark(Lines.Line line) {
    parked.remove(line);
  }

  int parkedLines() {
    return parked.size();
  }

  void failed() {
    failures++;
  }

  /** Whether it takes statements, as far as is known. */
  boolean isOpen() {
    return failures < TROUBLE && hasSlot();
  }

  /**
   * Whether this success is the first one after trouble of all replicas. While one of them refuses
   * and another does not, a success says nothing about the former.
   */
  boolean succeeded(long now) {
    boolean recovered = failures >= TROUBLE && now - lastSuccess >= SILENCE_NANOS;
    failures = 0;
    lastSuccess = now;
    return recovered;
  }
}
