package io.postflight.replay;

import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.RowReader;
import io.postflight.store.RowRemover;

/**
 * One tier's store, as far as replays change it.
 *
 * @param writer writes rows
 * @param reader reads them exactly
 * @param remover deletes them exactly
 * @param eraser applies commands
 */
public record ReplayStore(
    EventWriter writer, RowReader reader, RowRemover remover, EventEraser eraser) {
  /** All of one store. */
  public static <S extends EventWriter & RowReader & RowRemover & EventEraser> ReplayStore of(
      S store) {
    return new ReplayStore(store, store, store, store);
  }
}
