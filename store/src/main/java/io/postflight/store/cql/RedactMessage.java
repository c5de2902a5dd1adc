package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.schema.erasure.RedactableFields;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.store.MessageColumns;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Deletes fields of a message and records that they are redacted. An UPDATE, since unlike an INSERT
 * it does not create a row marker without expiry if the row is gone.
 */
record RedactMessage(PreparedStatement prepared) {
  /** Columns to delete, by the field that they belong to: an edited text is the body too. */
  private static final List<Map.Entry<String, String>> COLUMNS =
      Stream.concat(
              RedactableFields.NAMES.stream().sorted().map(name -> Map.entry(name, name)),
              Stream.of(Map.entry(MessageColumns.EDIT, Facts.BODY)))
          .toList();

  private static final int FIRST_FIELD = 3;

  static CompletionStage<RedactMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "UPDATE %s.message USING TIMESTAMP ? AND TTL ? SET redacted = ?, %s = ?"
                    .formatted(
                        keyspace,
                        COLUMNS.stream()
                            .map(Map.Entry::getKey)
                            .collect(Collectors.joining(" = ?, ")))
                + " WHERE tenant = ? AND message_id = ?")
        .thenApply(RedactMessage::new);
  }

  /**
   * @param fields fields to delete; other columns are not changed
   * @param redacted all redacted fields, including earlier ones
   */
  BoundStatement bind(
      String tenant,
      String messageId,
      Collection<String> fields,
      List<String> redacted,
      long timestampMicros,
      int ttlSeconds) {
    BoundStatementBuilder bound =
        prepared
            .boundStatementBuilder()
            .setLong(0, timestampMicros)
            .setInt(1, ttlSeconds)
            .setList(2, redacted, String.class);
    for (int i = 0; i < COLUMNS.size(); i++) {
      if (fields.contains(COLUMNS.get(i).getValue())) {
        bound = bound.setToNull(FIRST_FIELD + i);
      }
    }
    return bound
        .setString(FIRST_FIELD + COLUMNS.size(), tenant)
        .setString(FIRST_FIELD + COLUMNS.size() + 1, messageId)
        .setIdempotence(true)
        .build();
  }
}
