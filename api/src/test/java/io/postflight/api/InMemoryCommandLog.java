package io.postflight.api;

import io.postflight.api.erasure.CommandLog;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.serde.TrustedRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An in-memory ledger that several servers can share; it can be unavailable. It answers a user's
 * command with an extension notice, as the topology does.
 */
final class InMemoryCommandLog implements CommandLog {
  static {
    TrustedRecords.trust(); // Avro copies trusted records only
  }

  private final List<Erasure> entries = new ArrayList<>();
  private final List<Consumer<Erasure>> followers = new ArrayList<>();

  /** Completes the loading of all followers. */
  CompletableFuture<Void> loading = CompletableFuture.completedFuture(null);

  private boolean unavailable;
  private boolean extending = true;
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

  /** Whether users' commands are answered with an extension notice. */
  synchronized void setExtending(boolean whether) {
    extending = whether;
  }

  /** Commands and completion notices. */
  synchronized List<Erasure> entries() {
    return entries.stream().filter(entry -> entry.getDerived() == null).toList();
  }

  synchronized List<Erasure> commands() {
    return entries.stream().filter(ErasureScopes::isCommand).toList();
  }

  private synchronized List<Erasure> all() {
    return List.copyOf(entries);
  }

  @Override
  public synchronized CompletableFuture<Void> append(Erasure entry) {
    if (unavailable) {
      return CompletableFuture.failedFuture(new IllegalStateException("10.0.0.8 is down"));
    }
    add(entry);
    if (extending && ExtendingLog.isRoot(entry)) {
      add(ExtendingLog.extensionNotice(entry));
    }
    return CompletableFuture.completedFuture(null);
  }

  private void add(Erasure entry) {
    entries.add(entry);
    followers.forEach(each -> each.accept(entry));
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
            open ->
                all().stream()
                    .filter(each -> each.getId().equals(id) || id.equals(each.getRoot()))
                    .toList());
  }

  @Override
  public void close() {
    // It outlives the servers.
  }
}
