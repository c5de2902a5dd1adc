package io.postflight.replay;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.store.EventEraser;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/** Applies erasure commands again, with bounded concurrency. */
final class ErasureReplay {
  private static final int CONCURRENCY = 8;

  private final EventEraser eraser;
  private final RequestRetry retry;

  private record PendingErasure(Erasure command, CompletionStage<Long> erased) {}

  ErasureReplay(EventEraser eraser, Duration timeout) {
    this.eraser = eraser;
    this.retry = new RequestRetry(timeout);
  }

  /**
   * Applies commands.
   *
   * @return number of rows erased or changed
   */
  long apply(Collection<Erasure> commands) throws InterruptedException {
    ArrayDeque<PendingErasure> pending = new ArrayDeque<>();
    long rows = 0;
    for (Erasure command : commands) {
      if (pending.size() == CONCURRENCY) {
        rows += await(pending.remove());
      }
      pending.add(new PendingErasure(command, erase(command)));
    }
    while (!pending.isEmpty()) {
      rows += await(pending.remove());
    }
    return rows;
  }

  private long await(PendingErasure one) throws InterruptedException {
    return retry.get(() -> erase(one.command()), one.erased());
  }

  private CompletionStage<Long> erase(Erasure command) {
    return eraser.erase(command, ErasureTimes.micros(command));
  }
}
