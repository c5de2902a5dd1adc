package io.postflight.replay;

import io.postflight.store.RowKey;
import io.postflight.store.RowReader;
import io.postflight.store.StoredCells;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * The stored state of a row at some time between request and response, to which the remaining TTL
 * refers.
 *
 * @param cells empty if there is no row
 * @param asked request time, epoch milliseconds
 * @param answered response time, epoch milliseconds
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
