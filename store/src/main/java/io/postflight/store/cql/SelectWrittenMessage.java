package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.MessageColumns;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Reads a message with its remaining TTL and write timestamps. */
record SelectWrittenMessage(PreparedStatement prepared) {
  /** Columns whose write timestamps are read, after the values and the TTL. */
  private static final List<String> TIMED =
      Columns.MESSAGE.list().stream()
          .filter(column -> !column.type().addedTo())
          .map(Columns.Column::name)
          .toList();

  private static final int FIRST_WRITE = Columns.MESSAGE.list().size() + 1;

  static CompletionStage<SelectWrittenMessage> prepare(CqlSession session, String keyspace) {
    String writes =
        TIMED.stream().map("WRITETIME(%s)"::formatted).collect(Collectors.joining(", "));
    return session
        .prepareAsync(
            "SELECT %s, TTL(created_at), %s FROM %s.message WHERE tenant = ? AND message_id = ?"
                .formatted(Columns.MESSAGE.names(), writes, keyspace))
        .thenApply(SelectWrittenMessage::new);
  }

  BoundStatement bind(String tenant, String messageId) {
    return prepared.bind(tenant, messageId);
  }

  /** Write timestamp of the redacted fields, also if no other cell is left; 0 if none. */
  static long redactedAt(Row row) {
    return row.getLong(FIRST_WRITE + TIMED.indexOf("redacted"));
  }

  static Optional<WrittenMessage> read(Row row, String tenant, String messageId, String tier) {
    int after = Columns.MESSAGE.list().size();
    Map<String, Object> cells = Columns.MESSAGE.read(row, 0);
    return MessageColumns.isMessage(cells)
        ? Optional.of(
            new WrittenMessage(
                MessageColumns.revision(tenant, messageId, tier, cells),
                MessageColumns.listings(cells),
                row.getInt(after),
                redactedAt(row),
                oldestWrite(row)))
        : Optional.empty();
  }

  private static long oldestWrite(Row row) {
    long oldest = Long.MAX_VALUE;
    for (int i = 0; i < TIMED.size(); i++) {
      if (!row.isNull(FIRST_WRITE + i)) {
        oldest = Math.min(oldest, row.getLong(FIRST_WRITE + i));
      }
    }
    return oldest;
  }
}
