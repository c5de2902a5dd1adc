package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.schema.identity.AliasLink;
import io.postflight.store.IdentityRow;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads the links of an id. */
record SelectIdentity(PreparedStatement prepared) {
  static CompletionStage<SelectIdentity> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "SELECT %s FROM %s.identity WHERE %s"
                .formatted(Columns.IDENTITY.names(), keyspace, PrimaryKeys.row(Table.IDENTITY)))
        .thenApply(SelectIdentity::new);
  }

  BoundStatement bind(RowKey key) {
    return PrimaryKeys.bind(prepared.boundStatementBuilder(), 0, key).build();
  }

  /** The links; none if there is no row. */
  static List<AliasLink> read(@Nullable Row row) {
    return row == null ? List.of() : IdentityRow.links(Columns.IDENTITY.read(row, 0));
  }
}
