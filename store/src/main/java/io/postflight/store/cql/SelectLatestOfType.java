package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.concurrent.CompletionStage;

/** Reads the last event of one type of a user. */
record SelectLatestOfType(PreparedStatement prepared) {
  static CompletionStage<SelectLatestOfType> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "SELECT %s FROM %s.latest WHERE tenant = ? AND user_id = ? AND type = ?"
                .formatted(Columns.LATEST.names(), keyspace))
        .thenApply(SelectLatestOfType::new);
  }

  BoundStatement bind(String tenant, String userId, String type) {
    return prepared.bind(tenant, userId, type);
  }
}
