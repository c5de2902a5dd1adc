package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatementBuilder;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import io.postflight.store.EventPointer;
import io.postflight.store.PartitionKey;
import io.postflight.store.Table;
import java.util.concurrent.CompletionStage;

/** Writes the pointer of a slot. */
record UpdatePointer(PreparedStatement prepared) {
  private static final int TIMES = 2;

  static CompletionStage<UpdatePointer> prepare(CqlSession session, String keyspace) {
    return session
        .prepareAsync(
            "UPDATE %s.timeline USING TIMESTAMP ? AND TTL ? SET last[?] = ? WHERE %s"
                .formatted(keyspace, PrimaryKeys.partition(Table.TIMELINE)))
        .thenApply(UpdatePointer::new);
  }

  BoundStatement bind(PartitionKey partition, EventPointer to, int ttlSeconds) {
    BoundStatementBuilder times =
        prepared.boundStatementBuilder().setLong(0, to.writtenMicros()).setInt(1, ttlSeconds);
    return PrimaryKeys.bind(set(times, TIMES, to, prepared), TIMES + 2, partition.values())
        .setIdempotence(true)
        .build();
  }

  /** Binds a slot and its pointer to two variables, the first of which has an index. */
  static BoundStatementBuilder set(
      BoundStatementBuilder statement,
      int first,
      EventPointer pointer,
      PreparedStatement prepared) {
    UserDefinedType structure =
        (UserDefinedType) prepared.getVariableDefinitions().get(first + 1).getType();
    return statement
        .setString(first, EventPointer.slot(pointer.type()))
        .set(first + 1, UserTypes.pointer(structure, pointer), TypeCodecs.udtOf(structure));
  }
}
