package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.KeyLimits;
import io.postflight.store.RowKey;
import io.postflight.store.RowReader;
import io.postflight.store.RowScanner;
import io.postflight.store.StoreException;
import io.postflight.store.StoreException.Kind;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads single rows by primary key, and scans tables by token ranges. Statements are prepared on
 * first use, since roles that serve live traffic do not need them.
 */
final class CqlRows implements RowReader, RowScanner {
  /** A range may hold many tombstones between two rows. */
  private static final Duration SCAN_TIMEOUT = Duration.ofSeconds(30);

  private final CqlConnection connection;
  private final String keyspace;
  private final Map<Table, CompletableFuture<SelectRow>> selects = new EnumMap<>(Table.class);
  private final Map<Table, CompletableFuture<SelectTokenRange>> scans = new EnumMap<>(Table.class);

  CqlRows(CqlConnection connection, String keyspace) {
    this.connection = connection;
    this.keyspace = keyspace;
  }

  @Override
  public CompletionStage<Optional<StoredCells>> read(RowKey key) {
    String excess = KeyLimits.excess(key);
    if (excess != null) {
      return CompletableFuture.failedFuture(new StoreException(Kind.INVALID, excess));
    }
    return connection.run(
        () -> "reading " + kind(key),
        () -> {
          Statements statements = connection.statements();
          return prepared(selects, SelectRow::prepare, statements.session(), key.table())
              .thenCompose(
                  select ->
                      statements
                          .send(select.bind(key))
                          .thenApply(found -> Optional.ofNullable(found.one()).map(select::read)));
        });
  }

  /** With LOCAL_QUORUM, since a missed row would not be erased. */
  @Override
  public CompletionStage<ScanPage> scan(
      Table table, int slice, int slices, @Nullable ByteBuffer after, int limit) {
    return connection.run(
        () -> "scanning " + table.cqlName(),
        () -> {
          Statements statements = connection.statements();
          return prepared(scans, SelectTokenRange::prepare, statements.session(), table)
              .thenCompose(
                  select ->
                      statements
                          .send(
                              select
                                  .bind(slice, slices)
                                  .setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM)
                                  .setTimeout(SCAN_TIMEOUT)
                                  .setIdempotent(true)
                                  .setPageSize(limit)
                                  .setPagingState(after))
                          .thenApply(
                              found -> {
                                List<ScannedRow> rows = new ArrayList<>();
                                for (Row row : found.currentPage()) {
                                  if (select.isRow(row)) {
                                    rows.add(select.read(row));
                                  }
                                }
                                return new ScanPage(
                                    rows, found.getExecutionInfo().getPagingState());
                              }));
        });
  }

  /** Without the ids of messages and users, since it is logged. */
  private static String kind(RowKey key) {
    return "a row of " + key.table() + " of tenant " + key.partition().tenant();
  }

  private interface Preparation<S> {
    CompletionStage<S> of(CqlSession session, String keyspace, Table table);
  }

  private synchronized <S> CompletableFuture<S> prepared(
      Map<Table, CompletableFuture<S>> known,
      Preparation<S> preparation,
      CqlSession session,
      Table table) {
    CompletableFuture<S> statement = known.get(table);
    if (statement == null || statement.isCompletedExceptionally()) {
      statement =
          new StatementPreparation(session).add(() -> preparation.of(session, keyspace, table));
      known.put(table, statement);
    }
    return statement;
  }
}
