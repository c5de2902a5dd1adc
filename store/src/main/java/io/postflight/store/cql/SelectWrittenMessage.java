package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.MessageColumns;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Reads a message with what is left of its life. */
record SelectWrittenMessage(PreparedStatement prepared) {
  static CompletionStage<SelectWrittenMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "SELECT %s, TTL(born_at), WRITETIME(redacted) FROM %s.message WHERE tenant = ? AND message_id = ?"
                .formatted(Columns.MESSAGE.names(), keyspace))
        .thenApply(SelectWrittenMessage::new);
  }

  BoundStatement bind(String tenant, String messageId) {
    return prepared.bind(tenant, messageId);
  }

  /** When it was last noted what is redacted, also if nothing else is left; 0: never. */
  static long redactedAt(Row row) {
    return row.getLong(Columns.MESSAGE.list().size() + 1);
  }

  static Optional<WrittenMessage> read(Row row, String tenant, String messageId, String tier) {
    int after = Columns.MESSAGE.list().size();
    Map<String, Object> cells = Columns.MESSAGE.read(row, 0);
    return MessageColumns.isMessage(cells)
        ? Optional.of(
            new WrittenMessage(
                MessageColumns.revision(tenant, messageId, tier, cells),
                row.getInt(after),
                redactedAt(row)))
        : Optional.empty();
  }
}
