package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.MessageRow;
import java.util.concurrent.CompletionStage;

/** Writes a message; the higher revision wins, whichever comes first. */
record InsertMessage(PreparedStatement prepared) {
  private static final int KEYS = 2;

  static CompletionStage<InsertMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "INSERT INTO %s.message (tenant, message_id, %s) VALUES (?, ?, %s)"
                    .formatted(keyspace, Columns.MESSAGE.names(), Columns.MESSAGE.marks())
                + " USING TIMESTAMP ? AND TTL ?")
        .thenApply(InsertMessage::new);
  }

  BoundStatement bind(MessageRow row, int ttlSeconds) {
    BoundStatementBuilder keys =
        prepared
            .boundStatementBuilder()
            .setString(0, row.partition().tenant())
            .setString(1, row.partition().subject());
    int after = KEYS + Columns.MESSAGE.list().size();
    return Columns.MESSAGE
        .bind(prepared, keys, KEYS, row.cells())
        .setLong(after, row.writeTimestampMicros())
        .setInt(after + 1, ttlSeconds)
        .setIdempotence(true)
        .build();
  }
}
