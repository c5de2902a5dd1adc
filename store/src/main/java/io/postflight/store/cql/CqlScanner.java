package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.postflight.store.RowScanner;
import io.postflight.store.Table;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Scans tables by token ranges, with LOCAL_QUORUM, since a missed row would not be erased. Its
 * statements are prepared on first use.
 */
final class CqlScanner implements RowScanner {
  /** A range may hold many tombstones between two rows. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final CqlConnection connection;
  private final String keyspace;
  private final Map<Table, CompletableFuture<SelectTokenRange>> prepared =
      new EnumMap<>(Table.class);

  CqlScanner(CqlConnection connection, String keyspace) {
    this.connection = connection;
    this.keyspace = keyspace;
  }

  @Override
  public CompletionStage<Page> scan(
      Table table, int slice, int slices, @Nullable ByteBuffer after, int limit) {
    String what = "scanning " + table.cqlName();
    return connection.run(what, () -> {
      Statements statements = connection.statements();
      return select(statements.session(), table)
          .thenCompose(
              select ->
                  statements
                      .send(
                          select
                              .bind(slice, slices)
                              .setConsistencyLevel(DefaultConsistencyLevel.LOCAL_QUORUM)
                              .setTimeout(TIMEOUT)
                              .setIdempotent(true)
                              .setPageSize(limit)
                              .setPagingState(after))
                      .thenApply(
                          found -> {
                            List<ScannedRow> rows = new ArrayList<>();
                            found.currentPage().forEach(row -> rows.add(select.read(row)));
                            return new Page(rows, found.getExecutionInfo().getPagingState());
                          }));
    });
  }

  private synchronized CompletableFuture<SelectTokenRange> select(CqlSession session, Table table) {
    CompletableFuture<SelectTokenRange> known = prepared.get(table);
    if (known == null || known.isCompletedExceptionally()) {
      known =
          new StatementPreparation(session)
              .add(() -> SelectTokenRange.prepare(session, keyspace, table));
      prepared.put(table, known);
    }
    return known;
  }
}
