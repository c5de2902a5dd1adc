package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import io.postflight.store.EventPointer;
import io.postflight.store.PartitionKey;
import io.postflight.store.Table;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads the pointers of a timeline partition, without its rows. */
record SelectPointers(PreparedStatement prepared) {
  static CompletionStage<SelectPointers> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "SELECT DISTINCT last FROM %s.timeline WHERE %s"
                .formatted(keyspace, PrimaryKeys.partition(Table.TIMELINE)))
        .thenApply(SelectPointers::new);
  }

  BoundStatement bind(PartitionKey partition) {
    return PrimaryKeys.bind(prepared.boundStatementBuilder(), 0, partition.values()).build();
  }

  /** The pointers. */
  static List<EventPointer> read(@Nullable Row row) {
    Map<String, UdtValue> last =
        row == null || row.isNull(0) ? null : row.getMap(0, String.class, UdtValue.class);
    return last == null ? List.of() : last.values().stream().map(UserTypes::pointer).toList();
  }
}
