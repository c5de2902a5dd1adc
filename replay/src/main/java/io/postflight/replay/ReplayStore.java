package io.postflight.replay;

import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.RowReader;
import io.postflight.store.RowRemover;
import io.postflight.store.RowScanner;
import java.util.concurrent.CompletableFuture;

/**
 * The operations of a tier's store that replays use.
 *
 * @param writer writes rows
 * @param reader reads rows with their cells
 * @param scanner scans all rows
 * @param remover deletes single rows
 * @param eraser applies erasure commands
 */
public record ReplayStore(
    EventWriter writer,
    RowReader reader,
    RowScanner scanner,
    RowRemover remover,
    EventEraser eraser) {
  /** All operations of one store. */
  public static <S extends EventWriter & RowReader & RowScanner & RowRemover & EventEraser>
      ReplayStore of(S store) {
    return new ReplayStore(store, store, store, store, store);
  }

  /**
   * A copy that ignores erasure commands, for a tier in recovery: {@link RecoveryScan} applies
   * them, and must find the rows that lead to others.
   */
  public ReplayStore leavingErasures() {
    return new ReplayStore(
        writer,
        reader,
        scanner,
        remover,
        (command, micros) -> CompletableFuture.completedFuture(0L));
  }
}
