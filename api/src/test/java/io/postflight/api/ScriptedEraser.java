package io.postflight.api;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.EventEraser;
import io.postflight.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Acknowledges erasures without deleting rows: what a reader sees if a sink rewrites erased rows
 * right after the delete. Can be unavailable.
 */
final class ScriptedEraser implements EventEraser {
  /** One call. */
  record EraseCall(Erasure command, long micros) {}

  private final List<EraseCall> calls = new ArrayList<>();
  private final long rows;
  private boolean unavailable;
  private CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  ScriptedEraser(long rows) {
    this.rows = rows;
  }

  synchronized void setUnavailable(boolean whether) {
    unavailable = whether;
  }

  /** Blocks calls until the gate completes. */
  synchronized CompletableFuture<Void> shut() {
    gate = new CompletableFuture<>();
    return gate;
  }

  synchronized List<EraseCall> calls() {
    return List.copyOf(calls);
  }

  @Override
  public synchronized CompletionStage<Long> erase(Erasure command, long timestampMicros) {
    calls.add(new EraseCall(command, timestampMicros));
    if (unavailable) {
      return CompletableFuture.failedFuture(
          new StoreException(StoreException.Kind.TRANSIENT, "down"));
    }
    return gate.thenApply(open -> rows);
  }
}
