package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import java.util.concurrent.CompletionStage;

/** Deletes the error code in a row of the timeline or of the listing. */
record DeleteErrorCode(PreparedStatement prepared) {
  static CompletionStage<DeleteErrorCode> prepare(
      CqlSession session, String keyspace, Table table) {
    return session
        .prepareAsync(
            "DELETE error_code FROM %s.%s USING TIMESTAMP ? WHERE %s"
                .formatted(keyspace, table.cqlName(), PrimaryKeys.row(table)))
        .thenApply(DeleteErrorCode::new);
  }

  BoundStatement bind(RowKey key, long timestampMicros) {
    return PrimaryKeys.bind(prepared.boundStatementBuilder().setLong(0, timestampMicros), 1, key)
        .setIdempotence(true)
        .build();
  }
}
