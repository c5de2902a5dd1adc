package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.Order;
import io.postflight.store.PartitionKey;
import io.postflight.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads the rows of a timeline or listing partition in a range of time, in one order. */
record SelectSlice(PreparedStatement prepared, Columns columns) {
  static CompletionStage<SelectSlice> prepare(
      CqlSession session, String keyspace, Table table, Order order) {
    String time = table.clusteringColumns().get(0);
    return session
        .prepareAsync(
            "%s AND %s >= ? AND %s < ? %s LIMIT ?"
                .formatted(ofPartition(keyspace, table), time, time, orderBy(table, order)))
        .thenApply(prepared -> new SelectSlice(prepared, Columns.of(table)));
  }

  /** Selects the clustering columns and then the others. */
  static String ofPartition(String keyspace, Table table) {
    return "SELECT %s, %s FROM %s.%s WHERE %s"
        .formatted(
            String.join(", ", table.clusteringColumns()),
            Columns.of(table).names(),
            keyspace,
            table.cqlName(),
            PrimaryKeys.partition(table));
  }

  static String orderBy(Table table, Order order) {
    String format =
        order == Order.NEWEST_FIRST ? "ORDER BY %s DESC, %s ASC" : "ORDER BY %s ASC, %s DESC";
    return format.formatted(table.clusteringColumns().get(0), table.clusteringColumns().get(1));
  }

  BoundStatement bind(PartitionKey partition, long from, long to, int limit) {
    List<Object> key = partition.values();
    return PrimaryKeys.bind(prepared.boundStatementBuilder(), 0, key)
        .setInstant(key.size(), Instant.ofEpochMilli(from))
        .setInstant(key.size() + 1, Instant.ofEpochMilli(to))
        .setInt(key.size() + 2, limit)
        .build();
  }
}
