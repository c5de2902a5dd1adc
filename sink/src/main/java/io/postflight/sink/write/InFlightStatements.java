package io.postflight.sink.write;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The statements in flight of one queue, which are limited in number.
 *
 * <p>A statement occupies a slot no longer than {@link #OVERDUE}: one that takes longer awaits a
 * timeout rather than the database, and must not delay others. The number of overdue statements is
 * limited, too; above it, statements keep their slots.
 *
 * <p>Not thread-safe. Time is in nanoseconds.
 */
final class InFlightStatements {
  /** After this time a statement does not occupy a slot any more. */
  static final Duration OVERDUE = Duration.ofMillis(250);

  /** Limit of overdue statements, in multiples of the slots. */
  private static final int OVERDUE_FACTOR = 3;

  private final int slots;

  /** Statements that are not overdue, in the order in which they were sent. */
  private final Set<WriteStatement> onTime = new LinkedHashSet<>();

  private int overdue;

  InFlightStatements(int slots) {
    this.slots = slots;
  }

  boolean hasSlot() {
    return onTime.size() < slots;
  }

  /** Number of occupied slots. */
  int occupied() {
    return onTime.size();
  }

  void add(WriteStatement statement, long now) {
    statement.sentAt = now;
    onTime.add(statement);
  }

  void remove(WriteStatement statement) {
    if (!onTime.remove(statement)) {
      overdue--;
    }
  }

  /** Releases the slots of overdue statements; adds their rows that become blocked to the list. */
  void releaseOverdue(long now, List<PendingRow> blocked) {
    for (Iterator<WriteStatement> oldest = onTime.iterator();
        oldest.hasNext() && mayBecomeOverdue(); ) {
      WriteStatement statement = oldest.next();
      if (now - statement.sentAt < OVERDUE.toNanos()) {
        return;
      }
      oldest.remove();
      overdue++;
      statement.block(blocked);
    }
  }

  /** Milliseconds until the next statement is overdue; empty if none can be. */
  OptionalLong millisUntilOverdue(long now) {
    if (onTime.isEmpty() || !mayBecomeOverdue()) {
      return OptionalLong.empty();
    }
    long age = now - onTime.iterator().next().sentAt;
    return OptionalLong.of(Math.max(1, OVERDUE.minusNanos(age).toMillis() + 1));
  }

  /** Whether a statement with rows that are not blocked was sent at a time or before. */
  boolean anyUnblockedSince(long time) {
    return onTime.stream().anyMatch(each -> each.sentAt <= time && each.isUnblocked());
  }

  private boolean mayBecomeOverdue() {
    return overdue < OVERDUE_FACTOR * slots;
  }
}
