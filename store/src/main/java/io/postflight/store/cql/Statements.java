package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import io.postflight.store.IdentityRow;
import io.postflight.store.ListingRow;
import io.postflight.store.MessageRow;
import io.postflight.store.Order;
import io.postflight.store.Row;
import io.postflight.store.Table;
import io.postflight.store.TimelineRow;
import java.util.concurrent.CompletionStage;

/** A session with every statement prepared, once. */
record Statements(
    CqlSession session,
    NodeRejections rejections,
    UpdateEvent updateEvent,
    InsertListing insertListing,
    UpdateMessage updateMessage,
    UpdateIdentity updateIdentity,
    SelectMessage selectMessage,
    SelectIdentity selectIdentity,
    SelectPointers selectPointers,
    SelectEvent selectEvent,
    SelectSlice timelineSlice,
    SelectTies timelineTies,
    SelectSlice newestListed,
    SelectTies newestListedTies,
    SelectSlice oldestListed,
    SelectTies oldestListedTies,
    ErasureStatements erasure) {

  static CompletionStage<Statements> prepare(CqlSession session, String keyspace) {
    StatementPreparation all = new StatementPreparation(session);
    var updateEvent = all.add(() -> UpdateEvent.prepare(session, keyspace));
    var insertListing = all.add(() -> InsertListing.prepare(session, keyspace));
    var updateMessage = all.add(() -> UpdateMessage.prepare(session, keyspace));
    var updateIdentity = all.add(() -> UpdateIdentity.prepare(session, keyspace));
    var selectMessage = all.add(() -> SelectMessage.prepare(session, keyspace));
    var selectIdentity = all.add(() -> SelectIdentity.prepare(session, keyspace));
    var selectPointers = all.add(() -> SelectPointers.prepare(session, keyspace));
    var selectEvent = all.add(() -> SelectEvent.prepare(session, keyspace));
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
                    updateEvent.join(),
                    insertListing.join(),
                    updateMessage.join(),
                    updateIdentity.join(),
                    selectMessage.join(),
                    selectIdentity.join(),
                    selectPointers.join(),
                    selectEvent.join(),
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
    if (row instanceof TimelineRow event) {
      return updateEvent.bind(event, ttlSeconds);
    }
    if (row instanceof IdentityRow links) {
      return updateIdentity.bind(links);
    }
    return row instanceof MessageRow message
        ? updateMessage.bind(message, ttlSeconds)
        : insertListing.bind((ListingRow) row, ttlSeconds);
  }
}
