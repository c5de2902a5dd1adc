package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingRow;
import io.postflight.store.Order;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Reads the messages of a listing partition in a range of time, in one order. */
record SelectListingSlice(PreparedStatement prepared) {
  static final String COLUMNS = "listed_at, message_id, " + Columns.MESSAGE_BY_TIME.names();

  static CompletionStage<SelectListingSlice> prepare(
      CqlSession session, String keyspace, Order order) {
    return session
        .prepareAsync(
            ("SELECT %s FROM %s.message_by_time"
                    + " WHERE tenant = ? AND bucket = ? AND shard = ?"
                    + " AND listed_at >= ? AND listed_at < ? %s LIMIT ?")
                .formatted(COLUMNS, keyspace, orderBy(order)))
        .thenApply(SelectListingSlice::new);
  }

  static String orderBy(Order order) {
    return order == Order.NEWEST_FIRST
        ? "ORDER BY listed_at DESC, message_id ASC"
        : "ORDER BY listed_at ASC, message_id DESC";
  }

  BoundStatement bind(String tenant, long bucket, int shard, long from, long to, int limit) {
    return prepared.bind(
        tenant,
        Instant.ofEpochMilli(bucket),
        (short) shard,
        Instant.ofEpochMilli(from),
        Instant.ofEpochMilli(to),
        limit);
  }

  static ListingItem read(Row row) {
    return ListingRow.item(
        Objects.requireNonNull(row.getInstant(0)).toEpochMilli(),
        Objects.requireNonNull(row.getString(1)),
        Columns.MESSAGE_BY_TIME.read(row, 2));
  }
}
