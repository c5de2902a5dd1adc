package io.postflight.replay;

import io.postflight.replay.Difference.Repair;
import io.postflight.replay.RowComparison.Outcome;
import io.postflight.store.StoredCell;
import io.postflight.store.StoredCells;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Puts single rows right: writes them again, or deletes them if they should have been erased.
 *
 * <p>A row is never written with a higher timestamp than its record gives it: the next replay, and
 * the next revision, would lose against it. So where the same write left another value the database
 * keeps whichever it ranks higher, and the row may stay as it is.
 */
final class RowRepair {
  private final ReplayStore store;
  private final Patience patience;
  private final RowComparison comparison;
  private final LongSupplier clock;

  /**
   * @param clock epoch milliseconds
   */
  RowRepair(TierReplay replay, Duration tolerance, ReplayStore store, LongSupplier clock) {
    this.store = store;
    this.patience = new Patience(replay.patience());
    this.comparison = new RowComparison(replay.tier(), tolerance);
    this.clock = clock;
  }

  Repair repair(Look look) {
    try {
      ExpectedRow expected = look.expected();
      if (expected.erased()) {
        delete(expected);
      } else {
        patience.get(() -> store.writer().write(List.of(expected.row())));
      }
      Optional<StoredCells> found = read(expected);
      return comparison.compare(expected, found, false, clock.getAsLong()).outcome()
              == Outcome.DIFFERS
          ? Repair.IMPOSSIBLE
          : Repair.REPAIRED;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Repair.NONE;
    }
  }

  /** A delete wins over a write with the same timestamp. */
  private void delete(ExpectedRow expected) throws InterruptedException {
    long newest =
        read(expected).stream()
            .flatMap(cells -> cells.cells().values().stream())
            .mapToLong(StoredCell::writeTimestampMicros)
            .reduce(expected.row().writeTimestampMicros(), Math::max);
    patience.get(() -> store.remover().remove(expected.key(), newest));
  }

  private Optional<StoredCells> read(ExpectedRow expected) throws InterruptedException {
    return patience.get(() -> store.reader().read(expected.key()));
  }
}
