package io.postflight.replay;

import io.postflight.replay.Difference.Repair;
import io.postflight.replay.RowComparison.RowOutcome;
import io.postflight.store.StoredCell;
import io.postflight.store.Table;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Repairs single rows: writes them again, or deletes them if they should have been erased.
 *
 * <p>A row is never written with a higher timestamp than its record's, which would hide the next
 * replay and the next revision. If the same write left another value, the database keeps the one it
 * ranks higher, so the row may remain different.
 */
final class RowRepair {
  private final ReplayStore store;
  private final RequestRetry retry;
  private final RowComparison comparison;
  private final LongSupplier clock;

  /**
   * @param clock epoch milliseconds
   */
  RowRepair(TierReplay replay, RowComparison comparison, ReplayStore store, LongSupplier clock) {
    this.store = store;
    this.retry = new RequestRetry(replay.timeout());
    this.comparison = comparison;
    this.clock = clock;
  }

  Repair repair(RowCheck check) {
    try {
      ExpectedRow expected = check.expected();
      if (expected.erased()) {
        delete(expected);
      } else {
        retry.get(() -> store.writer().write(List.of(expected.row())));
      }
      return comparison.compare(expected, read(expected), false).outcome() == RowOutcome.DIFFERS
          ? Repair.IMPOSSIBLE
          : Repair.REPAIRED;
    } catch (ReplayException failure) {
      if (RequestRetry.isRefusal(failure)) {
        return Repair.IMPOSSIBLE;
      }
      throw failure;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Repair.NONE;
    }
  }

  /** A delete wins over a write with the same timestamp. */
  private void delete(ExpectedRow expected) throws InterruptedException {
    long newest =
        read(expected).cells().stream()
            .flatMap(cells -> cells.cells().values().stream())
            .mapToLong(StoredCell::writeTimestampMicros)
            .reduce(expected.row().writeTimestampMicros(), Math::max);
    retry.get(() -> store.remover().remove(expected.key(), newest));
    if (expected.key().table() == Table.TIMELINE) {
      retry.get(() -> store.remover().repairPointers(expected.key().partition()));
    }
  }

  private ObservedRow read(ExpectedRow expected) throws InterruptedException {
    return retry.get(() -> ObservedRow.read(store.reader(), expected.key(), clock));
  }
}
