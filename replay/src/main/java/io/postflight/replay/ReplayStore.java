package io.postflight.replay;

import io.postflight.store.EventEraser;
import io.postflight.store.EventWriter;
import io.postflight.store.RowReader;
import io.postflight.store.RowRemover;
import io.postflight.store.RowScanner;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

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
   * A copy that ignores erasure commands while the tier is in recovery: {@link RecoveryScan}
   * applies them, and must find the rows that lead to others.
   *
   * @param recovering whether the tier is in recovery; called for each command
   */
  public ReplayStore deferringErasures(BooleanSupplier recovering) {
    return new ReplayStore(
        writer,
        reader,
        scanner,
        remover,
        (command, micros) ->
            recovering.getAsBoolean()
                ? CompletableFuture.completedFuture(0L)
                : eraser.erase(command, micros));
  }
}
