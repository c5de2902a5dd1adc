package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.CoordinatorException;
import io.postflight.schema.concurrent.FutureFailures;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Prepares statements concurrently. If one node rejects a statement, the next one is tried; only a
 * rejection by every node that is up is FATAL.
 */
final class StatementPreparation {
  /**
   * The driver rotates over the nodes for all statements together, so that the attempts of one may
   * hit the same node.
   */
  private static final int ATTEMPTS_PER_NODE = 4;

  private final CqlSession session;
  private final List<CompletableFuture<?>> all = new ArrayList<>();

  StatementPreparation(CqlSession session) {
    this.session = session;
  }

  <T> CompletableFuture<T> add(Supplier<CompletionStage<T>> one) {
    CompletableFuture<T> future = attempt(one, new HashSet<>(), 1).toCompletableFuture();
    all.add(future);
    return future;
  }

  /** Prepares the same statement for several tables. */
  <T> CompletableFuture<Map<Table, T>> addFor(
      Collection<Table> tables, Function<Table, CompletionStage<T>> each) {
    Map<Table, CompletableFuture<T>> pending = new EnumMap<>(Table.class);
    tables.forEach(table -> pending.put(table, add(() -> each.apply(table))));
    return CompletableFuture.allOf(pending.values().toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              Map<Table, T> prepared = new EnumMap<>(Table.class);
              pending.forEach((table, statement) -> prepared.put(table, statement.join()));
              return prepared;
            });
  }

  CompletableFuture<Void> done() {
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  private <T> CompletionStage<T> attempt(
      Supplier<CompletionStage<T>> one, Set<Node> rejected, int attempt) {
    return one.get()
        .exceptionallyCompose(
            failure -> {
              Throwable cause = FutureFailures.unwrap(failure);
              if (!(cause instanceof CoordinatorException rejection)
                  || DriverFailures.kind(cause) != Kind.FATAL) {
                return CompletableFuture.failedFuture(failure);
              }
              rejected.add(rejection.getCoordinator());
              List<Node> up = SchemaAgreement.nodes(session);
              if (rejected.containsAll(up)) {
                return CompletableFuture.failedFuture(failure);
              }
              return attempt < ATTEMPTS_PER_NODE * up.size()
                  ? attempt(one, rejected, attempt + 1)
                  : CompletableFuture.failedFuture(
                      new StoreException(
                          Kind.TRANSIENT,
                          DriverFailures.reason(cause) + "; not confirmed by all nodes that are up",
                          cause));
            });
  }
}
