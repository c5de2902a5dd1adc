package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.UdtValue;
import io.postflight.store.EventPointer;
import io.postflight.store.PartitionKey;
import io.postflight.store.Table;
import java.util.HashMap;
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

  /** The pointers by type. */
  static Map<String, EventPointer> read(@Nullable Row row) {
    Map<String, EventPointer> pointers = new HashMap<>();
    Map<String, UdtValue> last =
        row == null || row.isNull(0) ? null : row.getMap(0, String.class, UdtValue.class);
    if (last != null) {
      last.forEach((type, pointer) -> pointers.put(type, UserTypes.pointer(pointer)));
    }
    return pointers;
  }
}
