package io.postflight.store.cql;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Statements being prepared at the same time. */
final class Preparation {
  private final List<CompletableFuture<?>> all = new ArrayList<>();

  <T> CompletableFuture<T> add(CompletionStage<T> one) {
    CompletableFuture<T> future = one.toCompletableFuture();
    all.add(future);
    return future;
  }

  CompletableFuture<Void> done() {
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }
}
