package io.postflight.sink.write;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Statements that are to be sent again: those that back off, and those that are ready as soon as a
 * slot is free. Not thread-safe.
 */
final class RetryQueue {
  private final Set<WriteStatement> backingOff = new LinkedHashSet<>();
  private final ArrayDeque<WriteStatement> ready = new ArrayDeque<>();

  /** Adds a statement that backs off until {@link #endBackoff(WriteStatement)}. */
  void backOff(WriteStatement statement) {
    backingOff.add(statement);
  }

  /** Ends the backoff of a statement. Returns whether it was backing off. */
  boolean endBackoff(WriteStatement statement) {
    return backingOff.remove(statement) && ready.add(statement);
  }

  /** Ends the backoff of all statements that match. */
  void endBackoff(Predicate<WriteStatement> which) {
    for (Iterator<WriteStatement> each = backingOff.iterator(); each.hasNext(); ) {
      WriteStatement statement = each.next();
      if (which.test(statement)) {
        each.remove();
        statement.cancelTimer();
        ready.add(statement);
      }
    }
  }

  /** Adds a statement that is ready to be sent. */
  void addReady(WriteStatement statement) {
    ready.add(statement);
  }

  /** The next statement that is ready; null if there is none. */
  @Nullable WriteStatement poll() {
    return ready.poll();
  }

  /** Removes the rows that were cancelled, and the statements that have no rows left. */
  void dropCancelled(List<PendingRow> dropped, Consumer<WriteStatement> emptied) {
    dropCancelled(backingOff, dropped, emptied);
    dropCancelled(ready, dropped, emptied);
  }

  private static void dropCancelled(
      Collection<WriteStatement> statements,
      List<PendingRow> dropped,
      Consumer<WriteStatement> emptied) {
    for (Iterator<WriteStatement> each = statements.iterator(); each.hasNext(); ) {
      WriteStatement statement = each.next();
      statement.dropCancelled(dropped);
      if (statement.rows.isEmpty()) {
        each.remove();
        statement.cancelTimer();
        emptied.accept(statement);
      }
    }
  }

  /** Cancels all timers. */
  void stop() {
    backingOff.forEach(WriteStatement::cancelTimer);
  }
}
