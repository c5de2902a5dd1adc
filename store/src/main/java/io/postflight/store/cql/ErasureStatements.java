package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import io.postflight.store.Table;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Every statement of erasure, prepared once. */
record ErasureStatements(
    SelectWrittenMessage selectMessage,
    SelectWrittenEvents selectEvents,
    SelectEventsOfMessage selectEventsOfMessage,
    SelectWrittenLatest selectLatest,
    RedactMessage redactMessage,
    Map<Table, DeleteRow> deleteRow,
    Map<Table, DeletePartition> deletePartition,
    Map<Table, DeleteErrorCode> deleteErrorCode) {

  static CompletionStage<ErasureStatements> prepare(CqlSession session, String keyspace) {
    StatementPreparation all = new StatementPreparation(session);
    var selectMessage = all.add(() -> SelectWrittenMessage.prepare(session, keyspace));
    var selectEvents = all.add(() -> SelectWrittenEvents.prepare(session, keyspace));
    var selectEventsOfMessage = all.add(() -> SelectEventsOfMessage.prepare(session, keyspace));
    var selectLatest = all.add(() -> SelectWrittenLatest.prepare(session, keyspace));
    var redactMessage = all.add(() -> RedactMessage.prepare(session, keyspace));
    var deleteRow =
        all.addFor(
            EnumSet.allOf(Table.class), table -> DeleteRow.prepare(session, keyspace, table));
    var deletePartition =
        all.addFor(
            Set.of(Table.TIMELINE, Table.LATEST),
            table -> DeletePartition.prepare(session, keyspace, table));
    var deleteErrorCode =
        all.addFor(
            Set.of(Table.TIMELINE, Table.MESSAGE_BY_TIME),
            table -> DeleteErrorCode.prepare(session, keyspace, table));
    return all.done()
        .thenApply(
            done ->
                new ErasureStatements(
                    selectMessage.join(),
                    selectEvents.join(),
                    selectEventsOfMessage.join(),
                    selectLatest.join(),
                    redactMessage.join(),
                    deleteRow.join(),
                    deletePartition.join(),
                    deleteErrorCode.join()));
  }

  DeleteRow deleteRow(Table table) {
    return Objects.requireNonNull(deleteRow.get(table));
  }

  DeletePartition deletePartition(Table table) {
    return Objects.requireNonNull(deletePartition.get(table));
  }

  DeleteErrorCode deleteErrorCode(Table table) {
    return Objects.requireNonNull(deleteErrorCode.get(table));
  }
}
