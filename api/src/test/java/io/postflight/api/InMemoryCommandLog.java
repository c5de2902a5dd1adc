package io.postflight.api;

import io.postflight.api.erasure.CommandLog;
import io.postflight.schema.erasure.Erasure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** An in-memory ledger that several servers can share; it can be unavailable. */
final class InMemoryCommandLog implements CommandLog {
  private final List<Erasure> entries = new ArrayList<>();
  private final List<Consumer<Erasure>> followers = new ArrayList<>();

  /** Completes the loading of all followers. */
  CompletableFuture<Void> loading = CompletableFuture.completedFuture(null);

  private boolean unavailable;
  private CompletableFuture<Void> searching = CompletableFuture.completedFuture(null);
  private int searches;

  /** Blocks searches until the gate completes. */
  synchronized void setSearching(CompletableFuture<Void> gate) {
    searching = gate;
  }

  synchronized int searches() {
    return searches;
  }

  synchronized void setUnavailable(boolean whether) {
    unavailable = whether;
  }

  synchronized List<Erasure> entries() {
    return List.copyOf(entries);
  }

  synchronized List<Erasure> commands() {
    return entries.stream().filter(entry -> entry.getCompletedAt() == null).toList();
  }

  @Override
  public synchronized CompletableFuture<Void> append(Erasure entry) {
    if (unavailable) {
      return CompletableFuture.failedFuture(new IllegalStateException("10.0.0.8 is down"));
    }
    entries.add(entry);
    followers.forEach(each -> each.accept(entry));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized CompletableFuture<Void> follow(Consumer<Erasure> each) {
    entries.forEach(each);
    followers.add(each);
    return loading;
  }

  @Override
  public synchronized CompletableFuture<List<Erasure>> find(String id) {
    searches++;
    return unavailable
        ? CompletableFuture.failedFuture(new IllegalStateException("10.0.0.8 is down"))
        : searching.thenApply(
            open -> entries().stream().filter(entry -> entry.getId().equals(id)).toList());
  }

  @Override
  public void close() {
    // It outlives the servers.
  }
}
