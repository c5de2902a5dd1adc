package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import io.postflight.store.MessageRow;
import io.postflight.store.Order;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A session with every statement prepared, once. */
record Statements(
    CqlSession session,
    NodeRejections rejections,
    Map<Table, InsertRow> insertRow,
    UpdateMessage updateMessage,
    SelectMessage selectMessage,
    SelectLatest selectLatest,
    SelectLatestOfType selectLatestOfType,
    SelectSlice timelineSlice,
    SelectTies timelineTies,
    SelectSlice newestListed,
    SelectTies newestListedTies,
    SelectSlice oldestListed,
    SelectTies oldestListedTies,
    ErasureStatements erasure) {

  static CompletionStage<Statements> prepare(CqlSession session, String keyspace) {
    StatementPreparation all = new StatementPreparation(session);
    var insertRow =
        all.addFor(
            EnumSet.complementOf(EnumSet.of(Table.MESSAGE)),
            table -> InsertRow.prepare(session, keyspace, table));
    var updateMessage = all.add(() -> UpdateMessage.prepare(session, keyspace));
    var selectMessage = all.add(() -> SelectMessage.prepare(session, keyspace));
    var selectLatest = all.add(() -> SelectLatest.prepare(session, keyspace));
    var selectLatestOfType = all.add(() -> SelectLatestOfType.prepare(session, keyspace));
    var timeline =
        all.add(() -> SelectSlice.prepare(session, keyspace, Table.TIMELINE, Order.NEWEST_FIRST));
    var timelineTies =
        all.add(() -> SelectTies.prepare(session, keyspace, Table.TIMELINE, Order.NEWEST_FIRST));
    var newest =
        all.add(
            () ->
                SelectSlice.prepare(session, keyspace, Table.MESSAGE_BY_TIME, Order.NEWEST_FIRST));
    var newestTies =
        all.add(
            () -> SelectTies.prepare(session, keyspace, Table.MESSAGE_BY_TIME, Order.NEWEST_FIRST));
    var oldest =
        all.add(
            () ->
                SelectSlice.prepare(session, keyspace, Table.MESSAGE_BY_TIME, Order.OLDEST_FIRST));
    var oldestTies =
        all.add(
            () -> SelectTies.prepare(session, keyspace, Table.MESSAGE_BY_TIME, Order.OLDEST_FIRST));
    var erasure = all.add(() -> ErasureStatements.prepare(session, keyspace));
    return all.done()
        .thenApply(
            done ->
                new Statements(
                    session,
                    new NodeRejections(() -> SchemaAgreement.nodes(session), System::nanoTime),
                    insertRow.join(),
                    updateMessage.join(),
                    selectMessage.join(),
                    selectLatest.join(),
                    selectLatestOfType.join(),
                    timeline.join(),
                    timelineTies.join(),
                    newest.join(),
                    newestTies.join(),
                    oldest.join(),
                    oldestTies.join(),
                    erasure.join()));
  }

  /** Sends a statement, and records whether it is rejected. */
  CompletionStage<AsyncResultSet> send(Statement<?> statement) {
    return rejections
        .recording(statement, session.executeAsync(rejections.redirected(statement)))
        .thenApply(
            result -> {
              ServerWarnings.log(result.getExecutionInfo());
              return result;
            });
  }

  /** The statement that writes a row. */
  BoundStatement write(Row row, int ttlSeconds) {
    return row instanceof MessageRow message
        ? updateMessage.bind(message, ttlSeconds)
        : insert(row.key(), row.cells(), row.writeTimestampMicros(), ttlSeconds);
  }

  BoundStatement insert(
      RowKey key, Map<String, @Nullable Object> cells, long timestampMicros, int ttlSeconds) {
    return Objects.requireNonNull(insertRow.get(key.table()))
        .bind(key, cells, timestampMicros, ttlSeconds);
  }
}
