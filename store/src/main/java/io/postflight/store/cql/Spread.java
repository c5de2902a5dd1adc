package io.postflight.store.cql;

import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Does something for each of many, a bounded number at a time, and adds up the counts. After a
 * failure nothing more is begun.
 *
 * <p>It has no thread: the next is begun by whoever completes one. One at a time does so, in a
 * loop, since work that completes within its call would else have it call itself without end.
 */
final class Spread<T> {
  private final Iterator<? extends T> items;
  private final int most;
  private final Function<? super T, CompletionStage<Long>> work;
  private final CompletableFuture<Long> done = new CompletableFuture<>();

  /** Guards what follows. */
  private final Object lock = new Object();

  private boolean beginning;
  private int underWay;
  private long sum;

  private Spread(
      Iterator<? extends T> items, int most, Function<? super T, CompletionStage<Long>> work) {
    this.items = items;
    this.most = most;
    this.work = work;
  }

  /**
   * Does the work for each item.
   *
   * @param most at a time
   * @return the sum of what the work gives; fails as the first work that fails
   */
  static <T> CompletionStage<Long> over(
      Iterable<? extends T> items, int most, Function<? super T, CompletionStage<Long>> work) {
    Spread<T> spread = new Spread<>(items.iterator(), most, work);
    spread.begin();
    return spread.done;
  }

  private void begin() {
    synchronized (lock) {
      if (beginning) {
        return;
      }
      beginning = true;
    }
    while (true) {
      T next;
      synchronized (lock) {
        if (done.isDone() || underWay == most || !items.hasNext()) {
          beginning = false;
          break;
        }
        next = items.next();
        underWay++;
      }
      begin(next);
    }
    finish();
  }

  private void begin(T item) {
    CompletionStage<Long> begun;
    try {
      begun = work.apply(item);
    } catch (RuntimeException failure) {
      done.completeExceptionally(failure);
      return;
    }
    begun.whenComplete(
        (count, failure) -> {
          if (failure != null) {
            done.completeExceptionally(failure);
            return;
          }
          synchronized (lock) {
            underWay--;
            sum += count;
          }
          begin();
        });
  }

  private void finish() {
    long total;
    synchronized (lock) {
      if (underWay > 0 || items.hasNext()) {
        return;
      }
      total = sum;
    }
    done.complete(total);
  }
}
