package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.ListingRow;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** Writes a completed message to its tenant's listing. */
record InsertListedMessage(PreparedStatement prepared) {
  private static final int KEYS = 5;

  static CompletionStage<InsertListedMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            ("INSERT INTO %s.message_by_time (tenant, bucket, shard, listed_at, message_id, %s)"
                    + " VALUES (?, ?, ?, ?, ?, %s) USING TIMESTAMP ? AND TTL ?")
                .formatted(
                    keyspace, Columns.MESSAGE_BY_TIME.names(), Columns.MESSAGE_BY_TIME.marks()))
        .thenApply(InsertListedMessage::new);
  }

  BoundStatement bind(ListingRow row, int ttlSeconds) {
    BoundStatementBuilder keys =
        prepared
            .boundStatementBuilder()
            .setString(0, row.partition().tenant())
            .setInstant(1, Instant.ofEpochMilli(row.partition().bucket()))
            .setShort(2, (short) row.partition().shard())
            .setInstant(3, Instant.ofEpochMilli(row.listedAt()))
            .setString(4, row.revision().getMessageId());
    int after = KEYS + Columns.MESSAGE_BY_TIME.list().size();
    return Columns.MESSAGE_BY_TIME
        .bind(prepared, keys, KEYS, row.cells())
        .setLong(after, row.writeTimestampMicros())
        .setInt(after + 1, ttlSeconds)
        .setIdempotence(true)
        .build();
  }
}
