package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.schema.erasure.RedactableFields;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Deletes fields of a message and records that they are redacted. An UPDATE, since unlike an INSERT
 * it does not create a row marker without expiry if the row is gone.
 */
record RedactMessage(PreparedStatement prepared) {
  private static final List<String> FIELDS = RedactableFields.NAMES.stream().sorted().toList();

  private static final int FIRST_FIELD = 3;

  static CompletionStage<RedactMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "UPDATE %s.message USING TIMESTAMP ? AND TTL ? SET redacted = ?, %s = ?"
                    .formatted(keyspace, String.join(" = ?, ", FIELDS))
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
    for (int i = 0; i < FIELDS.size(); i++) {
      if (fields.contains(FIELDS.get(i))) {
        bound = bound.setToNull(FIRST_FIELD + i);
      }
    }
    return bound
        .setString(FIRST_FIELD + FIELDS.size(), tenant)
        .setString(FIRST_FIELD + FIELDS.size() + 1, messageId)
        .setIdempotence(true)
        .build();
  }
}
