package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Reads the events of a timeline partition from a time on, with their messages, persons and write
 * timestamps.
 */
record SelectWrittenEvents(PreparedStatement prepared) {
  static final String OF_PARTITION =
      "SELECT event_time, event_id, message_id, error_code, WRITETIME(type), TTL(type), alias"
          + " FROM %s.timeline WHERE "
          + PrimaryKeys.partition(Table.TIMELINE);

  static final String FROM_TIME = OF_PARTITION + " AND event_time >= ?";

  static CompletionStage<SelectWrittenEvents> prepare(CqlSession session, String keyspace) {
    return session.prepareAsync(FROM_TIME.formatted(keyspace)).thenApply(SelectWrittenEvents::new);
  }

  BoundStatement bind(PartitionKey partition, long from) {
    List<Object> key = partition.values();
    return PrimaryKeys.bind(prepared.boundStatementBuilder(), 0, key)
        .setInstant(key.size(), Instant.ofEpochMilli(from))
        .build();
  }

  static WrittenEvent read(Row row, PartitionKey partition) {
    long time = Objects.requireNonNull(row.getInstant(0)).toEpochMilli();
    String id = Objects.requireNonNull(row.getString(1));
    return new WrittenEvent(
        new RowKey(partition, time, id),
        row.getString(2),
        row.getLong(4),
        row.getInt(5),
        !row.isNull(3),
        row.getString(6));
  }
}
