package io.postflight.replay;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureTimes;
import io.postflight.store.EventEraser;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/** Applies commands of erasure again, a few at a time. */
final class ErasureReplay {
  private static final int CONCURRENCY = 8;

  private final EventEraser eraser;
  private final RequestRetry retry;

  private record UnderWay(Erasure command, CompletionStage<Long> erased) {}

  ErasureReplay(EventEraser eraser, Duration timeout) {
    this.eraser = eraser;
    this.retry = new RequestRetry(timeout);
  }

  /**
   * Applies commands.
   *
   * @return rows that were there and are erased or changed
   */
  long apply(Collection<Erasure> commands) throws InterruptedException {
    ArrayDeque<UnderWay> underWay = new ArrayDeque<>();
    long rows = 0;
    for (Erasure command : commands) {
      if (underWay.size() == CONCURRENCY) {
        rows += await(underWay.remove());
      }
      underWay.add(new UnderWay(command, erase(command)));
    }
    while (!underWay.isEmpty()) {
      rows += await(underWay.remove());
    }
    return rows;
  }

  private long await(UnderWay one) throws InterruptedException {
    return retry.get(() -> erase(one.command()), one.erased());
  }

  private CompletionStage<Long> erase(Erasure command) {
    return eraser.erase(command, ErasureTimes.micros(command));
  }
}
