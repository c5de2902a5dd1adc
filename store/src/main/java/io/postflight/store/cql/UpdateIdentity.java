package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.postflight.store.IdentityRow;
import io.postflight.store.Table;
import java.util.concurrent.CompletionStage;

/**
 * Writes the links of an id without a TTL; the later update wins regardless of order. An UPDATE, so
 * that nothing is left of a row whose only cell is deleted.
 */
record UpdateIdentity(PreparedStatement prepared) {
  static CompletionStage<UpdateIdentity> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "UPDATE %s.identity USING TIMESTAMP ? SET %s WHERE %s"
                .formatted(
                    keyspace, Columns.IDENTITY.assignments(), PrimaryKeys.row(Table.IDENTITY)))
        .thenApply(UpdateIdentity::new);
  }

  BoundStatement bind(IdentityRow row) {
    return new WriteValues(prepared)
        .timestamp(row.writeTimestampMicros())
        .cells(Columns.IDENTITY, row.cells())
        .key(row.key())
        .build();
  }
}
