package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.CoordinatorException;
import io.postflight.store.WriteException;
import io.postflight.store.WriteException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Statements being prepared at the same time. What one node refuses to prepare the next one is
 * asked for; only what every node that is up refuses is FATAL.
 */
final class Preparation {
  /** The driver asks the nodes in turn, but not one statement's attempts for themselves. */
  private static final int ATTEMPTS_PER_NODE = 4;

  private final CqlSession session;
  private final List<CompletableFuture<?>> all = new ArrayList<>();

  Preparation(CqlSession session) {
    this.session = session;
  }

  <T> CompletableFuture<T> add(Supplier<CompletionStage<T>> one) {
    CompletableFuture<T> future = attempt(one, new HashSet<>(), 1).toCompletableFuture();
    all.add(future);
    return future;
  }

  CompletableFuture<Void> done() {
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  private <T> CompletionStage<T> attempt(
      Supplier<CompletionStage<T>> one, Set<Node> refused, int attempt) {
    return one.get()
        .exceptionallyCompose(
            failure -> {
              Throwable cause = Faults.unwrap(failure);
              if (!(cause instanceof CoordinatorException refusal)
                  || Faults.kind(cause) != Kind.FATAL) {
                return CompletableFuture.failedFuture(failure);
              }
              refused.add(refusal.getCoordinator());
              List<Node> up = SchemaAgreement.nodes(session);
              if (refused.containsAll(up)) {
                return CompletableFuture.failedFuture(failure);
              }
              return attempt < ATTEMPTS_PER_NODE * up.size()
                  ? attempt(one, refused, attempt + 1)
                  : CompletableFuture.failedFuture(
                      new WriteException(
                          Kind.TRANSIENT,
                          Faults.reason(cause) + "; not confirmed by all nodes that are up",
                          cause));
            });
  }
}
