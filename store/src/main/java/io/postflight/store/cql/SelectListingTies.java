package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.Order;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Reads the messages of a listing partition that share one time, after an id, in one order. */
record SelectListingTies(PreparedStatement prepared) {
  static CompletionStage<SelectListingTies> prepare(
      CqlSession session, String keyspace, Order order) {
    return session
        .prepareAsync(
            ("SELECT %s FROM %s.message_by_time"
                    + " WHERE tenant = ? AND bucket = ? AND shard = ?"
                    + " AND listed_at = ? AND message_id %s ? %s LIMIT ?")
                .formatted(
                    SelectListingSlice.COLUMNS,
                    keyspace,
                    order == Order.NEWEST_FIRST ? ">" : "<",
                    SelectListingSlice.orderBy(order)))
        .thenApply(SelectListingTies::new);
  }

  BoundStatement bind(String tenant, long bucket, int shard, long time, String id, int limit) {
    return prepared.bind(
        tenant, Instant.ofEpochMilli(bucket), (short) shard, Instant.ofEpochMilli(time), id, limit);
  }
}
