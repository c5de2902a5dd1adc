package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.MessageRow;
import java.util.concurrent.CompletionStage;

/**
 * Writes a message; the higher revision wins regardless of order. An UPDATE, since it adds to the
 * listings: the map literal of an INSERT would delete existing elements.
 */
record UpdateMessage(PreparedStatement prepared) {
  static CompletionStage<UpdateMessage> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "UPDATE %s.message USING TIMESTAMP ? AND TTL ? SET %s WHERE tenant = ? AND message_id = ?"
                .formatted(keyspace, Columns.MESSAGE.assignments()))
        .thenApply(UpdateMessage::new);
  }

  BoundStatement bind(MessageRow row, int ttlSeconds) {
    return new WriteValues(prepared)
        .times(row.writeTimestampMicros(), ttlSeconds)
        .cells(Columns.MESSAGE, row.cells())
        .key(row.key())
        .build();
  }
}
