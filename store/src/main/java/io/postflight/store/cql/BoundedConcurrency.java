package io.postflight.store.cql;

import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Runs asynchronous work for each item with bounded concurrency, and adds up the results. After a
 * failure no further work is started.
 *
 * <p>It has no thread of its own: the thread that completes an item starts the next one, one thread
 * at a time and in a loop, since work that completes within its call would otherwise cause
 * unbounded recursion.
 */
final class BoundedConcurrency<T> {
  private final Iterator<? extends T> items;
  private final int max;
  private final Function<? super T, CompletionStage<Long>> work;
  private final CompletableFuture<Long> done = new CompletableFuture<>();

  /** Guards the fields below. */
  private final Object lock = new Object();

  private boolean starting;
  private int inProgress;
  private long sum;

  private BoundedConcurrency(
      Iterator<? extends T> items, int max, Function<? super T, CompletionStage<Long>> work) {
    this.items = items;
    this.max = max;
    this.work = work;
  }

  /**
   * Runs the work for each item.
   *
   * @param max maximum concurrency
   * @return the sum of the results; fails with the first failure
   */
  static <T> CompletionStage<Long> over(
      Iterable<? extends T> items, int max, Function<? super T, CompletionStage<Long>> work) {
    BoundedConcurrency<T> spread = new BoundedConcurrency<>(items.iterator(), max, work);
    spread.begin();
    return spread.done;
  }

  private void begin() {
    synchronized (lock) {
      if (starting) {
        return;
      }
      starting = true;
    }
    while (true) {
      T next;
      synchronized (lock) {
        if (done.isDone() || inProgress == max || !items.hasNext()) {
          starting = false;
          break;
        }
        next = items.next();
        inProgress++;
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
            inProgress--;
            sum += count;
          }
          begin();
        });
  }

  private void finish() {
    long total;
    synchronized (lock) {
      if (inProgress > 0 || items.hasNext()) {
        return;
      }
      total = sum;
    }
    done.complete(total);
  }
}
