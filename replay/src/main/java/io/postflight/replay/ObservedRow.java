package io.postflight.replay;

import io.postflight.store.RowKey;
import io.postflight.store.RowReader;
import io.postflight.store.StoredCells;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * What stood in a row's place at some moment between two: the time left to a cell is told as of
 * then.
 *
 * @param cells empty: nothing
 * @param asked when it was asked for, epoch milliseconds
 * @param answered when the answer was there, epoch milliseconds
 */
record ObservedRow(Optional<StoredCells> cells, long asked, long answered) {
  /**
   * Reads a row.
   *
   * @param clock epoch milliseconds
   */
  static CompletionStage<ObservedRow> read(RowReader reader, RowKey key, LongSupplier clock) {
    long asked = clock.getAsLong();
    return reader.read(key).thenApply(cells -> new ObservedRow(cells, asked, clock.getAsLong()));
  }
}
