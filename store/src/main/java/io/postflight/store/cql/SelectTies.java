package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.Order;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import java.util.concurrent.CompletionStage;

/**
 * Reads the rows of a timeline or listing partition that share one time, after an id, in one order.
 * Together with {@link SelectSlice} it continues after a position; one restriction on both columns
 * is not used, since their clustering orders differ and not every version of ScyllaDB supports
 * that.
 */
record SelectTies(PreparedStatement prepared, int limitIndex) {
  static CompletionStage<SelectTies> prepare(
      CqlSession session, String keyspace, Table table, Order order) {
    return session
        .prepareAsync(
            "%s AND %s = ? AND %s %s ? %s LIMIT ?"
                .formatted(
                    SelectSlice.ofPartition(keyspace, table),
                    table.clusteringColumns().get(0),
                    table.clusteringColumns().get(1),
                    order == Order.NEWEST_FIRST ? ">" : "<",
                    SelectSlice.orderBy(table, order)))
        .thenApply(prepared -> new SelectTies(prepared, PrimaryKeys.columns(table).size()));
  }

  /**
   * @param after the row after which the others come
   */
  BoundStatement bind(RowKey after, int limit) {
    return PrimaryKeys.bind(prepared.boundStatementBuilder(), 0, after)
        .setInt(limitIndex, limit)
        .build();
  }
}
