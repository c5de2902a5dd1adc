package io.postflight.api;

import io.postflight.api.erasure.CommandLog;
import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScopes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A ledger that answers a user's command with an extension notice, as the topology does. */
record ExtendingLog(CommandLog ledger) implements CommandLog {
  static boolean isRoot(Erasure record) {
    return ErasureScopes.isCommand(record)
        && record.getUserId() != null
        && record.getRoot() == null;
  }

  static Erasure extensionNotice(Erasure root, String... derived) {
    return Erasure.newBuilder(root).setDerived(List.of(derived)).build();
  }

  @Override
  public CompletableFuture<Void> append(Erasure entry) {
    CompletableFuture<Void> appended = ledger.append(entry);
    return isRoot(entry)
        ? appended.thenCompose(done -> ledger.append(extensionNotice(entry)))
        : appended;
  }

  @Override
  public CompletableFuture<Void> follow(Consumer<Erasure> each) {
    return ledger.follow(each);
  }

  @Override
  public CompletableFuture<List<Erasure>> find(String id) {
    return ledger.find(id);
  }

  @Override
  public void close() {
    ledger.close();
  }
}
