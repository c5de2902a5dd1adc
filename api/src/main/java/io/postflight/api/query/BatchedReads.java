package io.postflight.api.query;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Reads for several items, in batches of concurrent reads. */
final class BatchedReads {
  private BatchedReads() {}

  /**
   * Reads for each item.
   *
   * @param concurrent maximum number of concurrent reads
   * @return the results in the order of the items; fails with the first failure of a batch
   */
  static <A, T> CompletableFuture<List<T>> of(
      List<A> items, int concurrent, Function<A, CompletableFuture<T>> read) {
    return next(items, concurrent, read, new ArrayList<>(items.size()));
  }

  private static <A, T> CompletableFuture<List<T>> next(
      List<A> items, int concurrent, Function<A, CompletableFuture<T>> read, List<T> results) {
    if (items.isEmpty()) {
      return CompletableFuture.completedFuture(results);
    }
    int now = Math.min(items.size(), concurrent);
    List<CompletableFuture<T>> batch = items.subList(0, now).stream().map(read).toList();
    return CompletableFuture.allOf(batch.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> {
              batch.forEach(each -> results.add(each.join()));
              return next(items.subList(now, items.size()), concurrent, read, results);
            });
  }
}
