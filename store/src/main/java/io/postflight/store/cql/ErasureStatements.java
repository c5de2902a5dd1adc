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
    SelectEventsOfType selectEventsOfType,
    RedactMessage redactMessage,
    UpdatePointer updatePointer,
    DeletePointer deletePointer,
    DeletePartition deletePartition,
    Map<Table, DeleteRow> deleteRow,
    Map<Table, DeleteRow> deleteErrorCode) {

  static CompletionStage<ErasureStatements> prepare(CqlSession session, String keyspace) {
    StatementPreparation all = new StatementPreparation(session);
    var selectMessage = all.add(() -> SelectWrittenMessage.prepare(session, keyspace));
    var selectEvents = all.add(() -> SelectWrittenEvents.prepare(session, keyspace));
    var selectEventsOfMessage = all.add(() -> SelectEventsOfMessage.prepare(session, keyspace));
    var selectEventsOfType = all.add(() -> SelectEventsOfType.prepare(session, keyspace));
    var redactMessage = all.add(() -> RedactMessage.prepare(session, keyspace));
    var updatePointer = all.add(() -> UpdatePointer.prepare(session, keyspace));
    var deletePointer = all.add(() -> DeletePointer.prepare(session, keyspace));
    var deletePartition = all.add(() -> DeletePartition.prepare(session, keyspace));
    var deleteRow =
        all.addFor(
            EnumSet.allOf(Table.class), table -> DeleteRow.prepare(session, keyspace, table));
    var deleteErrorCode =
        all.addFor(
            Set.of(Table.TIMELINE, Table.MESSAGE_BY_TIME),
            table -> DeleteRow.prepare(session, keyspace, table, "error_code"));
    return all.done()
        .thenApply(
            done ->
                new ErasureStatements(
                    selectMessage.join(),
                    selectEvents.join(),
                    selectEventsOfMessage.join(),
                    selectEventsOfType.join(),
                    redactMessage.join(),
                    updatePointer.join(),
                    deletePointer.join(),
                    deletePartition.join(),
                    deleteRow.join(),
                    deleteErrorCode.join()));
  }

  DeleteRow deleteRow(Table table) {
    return Objects.requireNonNull(deleteRow.get(table));
  }

  DeleteRow deleteErrorCode(Table table) {
    return Objects.requireNonNull(deleteErrorCode.get(table));
  }
}
