package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.store.KeyLimits;
import io.postflight.store.RowKey;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads and deletes single rows by primary key. Its statements are prepared on first use, since
 * roles that serve live traffic do not need them.
 */
final class CqlRows {
  private final CqlConnection connection;
  private final String keyspace;
  private @Nullable CompletableFuture<RowStatements> prepared;

  CqlRows(CqlConnection connection, String keyspace) {
    this.connection = connection;
    this.keyspace = keyspace;
  }

  private record RowStatements(
      Statements statements, Map<Table, SelectRow> selects, Map<Table, DeleteRow> deletes) {
    SelectRow select(Table table) {
      return of(selects, table);
    }

    DeleteRow delete(Table table) {
      return of(deletes, table);
    }

    private static <S> S of(Map<Table, S> statements, Table table) {
      S statement = statements.get(table);
      if (statement == null) {
        throw new IllegalStateException("no statement for " + table);
      }
      return statement;
    }
  }

  CompletionStage<Optional<StoredCells>> read(RowKey key) {
    String what = "reading " + kind(key);
    String excess = KeyLimits.excess(key);
    if (excess != null) {
      return CompletableFuture.failedFuture(new StoreException(Kind.INVALID, excess, null));
    }
    return connection.run(
        what,
        () ->
            rowStatements()
                .thenCompose(
                    rowStatements -> {
                      SelectRow select = rowStatements.select(key.table());
                      return rowStatements
                          .statements()
                          .send(select.bind(key))
                          .thenApply(found -> Optional.ofNullable(found.one()).map(select::read));
                    }));
  }

  CompletionStage<Void> remove(RowKey key, long timestampMicros) {
    String what = "deleting " + kind(key);
    String excess = KeyLimits.excess(key);
    if (excess != null) {
      return CompletableFuture.failedFuture(new StoreException(Kind.INVALID, excess, null));
    }
    return connection.run(
        what,
        () ->
            rowStatements()
                .thenCompose(
                    rowStatements ->
                        rowStatements
                            .statements()
                            .send(rowStatements.delete(key.table()).bind(key, timestampMicros))
                            .thenAccept(done -> {})));
  }

  /** Without the ids of messages and users, since it is logged. */
  private static String kind(RowKey key) {
    return "a row of " + key.table() + " of tenant " + key.partition().tenant();
  }

  private synchronized CompletableFuture<RowStatements> rowStatements() {
    Statements statements = connection.statements();
    CqlSession session = statements.session();
    if (prepared == null || prepared.isCompletedExceptionally()) {
      CompletableFuture<Map<Table, SelectRow>> selects =
          all(session, (table, space) -> SelectRow.prepare(session, space, table));
      CompletableFuture<Map<Table, DeleteRow>> deletes =
          all(session, (table, space) -> DeleteRow.prepare(session, space, table));
      prepared =
          selects.thenCombine(
              deletes, (reads, removals) -> new RowStatements(statements, reads, removals));
    }
    return prepared;
  }

  private <S> CompletableFuture<Map<Table, S>> all(
      CqlSession session, BiFunction<Table, String, CompletionStage<S>> prepare) {
    StatementPreparation preparation = new StatementPreparation(session);
    Map<Table, CompletableFuture<S>> pending = new EnumMap<>(Table.class);
    for (Table table : Table.values()) {
      pending.put(table, preparation.add(() -> prepare.apply(table, keyspace)));
    }
    return preparation
        .done()
        .thenApply(
            done -> {
              Map<Table, S> statements = new EnumMap<>(Table.class);
              pending.forEach((table, statement) -> statements.put(table, statement.join()));
              return statements;
            });
  }
}
