package io.postflight.replay;

import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.RowReader;
import io.postflight.store.RowRemover;
import java.util.concurrent.CompletableFuture;

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

  /**
   * The same without applying commands, for a tier in recovery: {@link RecoveryScan} does so, and
   * has to find what leads to other rows.
   */
  public ReplayStore leavingErasures() {
    return new ReplayStore(
        writer, reader, remover, (command, micros) -> CompletableFuture.completedFuture(0L));
  }
}
