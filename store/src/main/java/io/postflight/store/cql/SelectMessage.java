package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.MessageColumns;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Reads one message. */
record SelectMessage(PreparedStatement prepared) {
  static CompletionStage<SelectMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "SELECT %s FROM %s.message WHERE tenant = ? AND message_id = ?"
                .formatted(Columns.MESSAGE.names(), keyspace))
        .thenApply(SelectMessage::new);
  }

  BoundStatement bind(String tenant, String messageId) {
    return prepared.bind(tenant, messageId);
  }

  /** The message; empty for a row without a message. */
  Optional<MessageRevision> read(Row row, String tenant, String messageId, String tier) {
    Map<String, Object> cells = Columns.MESSAGE.read(row, 0);
    return MessageColumns.isMessage(cells)
        ? Optional.of(MessageColumns.revision(tenant, messageId, tier, cells))
        : Optional.empty();
  }
}
