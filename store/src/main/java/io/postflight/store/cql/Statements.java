package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import io.postflight.store.LatestRow;
import io.postflight.store.ListingRow;
import io.postflight.store.MessageRow;
import io.postflight.store.Order;
import io.postflight.store.Row;
import io.postflight.store.TimelineRow;
import java.util.concurrent.CompletionStage;

/** A session with every statement prepared, once. */
record Statements(
    CqlSession session,
    NodeRejections rejections,
    InsertTimelineEvent insertTimelineEvent,
    InsertLatestEvent insertLatestEvent,
    UpdateMessage updateMessage,
    InsertListedMessage insertListedMessage,
    SelectMessage selectMessage,
    SelectLatest selectLatest,
    SelectLatestOfType selectLatestOfType,
    SelectTimelineSlice selectTimelineSlice,
    SelectTimelineTies selectTimelineTies,
    SelectListingSlice selectNewestListed,
    SelectListingTies selectNewestListedTies,
    SelectListingSlice selectOldestListed,
    SelectListingTies selectOldestListedTies,
    ErasureStatements erasure) {

  static CompletionStage<Statements> prepare(CqlSession session, String keyspace) {
    StatementPreparation all = new StatementPreparation(session);
    var insertTimelineEvent = all.add(() -> InsertTimelineEvent.prepare(session, keyspace));
    var insertLatestEvent = all.add(() -> InsertLatestEvent.prepare(session, keyspace));
    var updateMessage = all.add(() -> UpdateMessage.prepare(session, keyspace));
    var insertListedMessage = all.add(() -> InsertListedMessage.prepare(session, keyspace));
    var selectMessage = all.add(() -> SelectMessage.prepare(session, keyspace));
    var selectLatest = all.add(() -> SelectLatest.prepare(session, keyspace));
    var selectLatestOfType = all.add(() -> SelectLatestOfType.prepare(session, keyspace));
    var selectTimelineSlice = all.add(() -> SelectTimelineSlice.prepare(session, keyspace));
    var selectTimelineTies = all.add(() -> SelectTimelineTies.prepare(session, keyspace));
    var newest = all.add(() -> SelectListingSlice.prepare(session, keyspace, Order.NEWEST_FIRST));
    var newestTies =
        all.add(() -> SelectListingTies.prepare(session, keyspace, Order.NEWEST_FIRST));
    var oldest = all.add(() -> SelectListingSlice.prepare(session, keyspace, Order.OLDEST_FIRST));
    var oldestTies =
        all.add(() -> SelectListingTies.prepare(session, keyspace, Order.OLDEST_FIRST));
    var erasure = all.add(() -> ErasureStatements.prepare(session, keyspace));
    return all.done()
        .thenApply(
            done ->
                new Statements(
                    session,
                    new NodeRejections(() -> SchemaAgreement.nodes(session), System::nanoTime),
                    insertTimelineEvent.join(),
                    insertLatestEvent.join(),
                    updateMessage.join(),
                    insertListedMessage.join(),
                    selectMessage.join(),
                    selectLatest.join(),
                    selectLatestOfType.join(),
                    selectTimelineSlice.join(),
                    selectTimelineTies.join(),
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

  BoundStatement insert(Row row, int ttlSeconds) {
    if (row instanceof TimelineRow timeline) {
      return insertTimelineEvent.bind(timeline, ttlSeconds);
    }
    if (row instanceof LatestRow latest) {
      return insertLatestEvent.bind(latest, ttlSeconds);
    }
    if (row instanceof MessageRow message) {
      return updateMessage.bind(message, ttlSeconds);
    }
    return insertListedMessage.bind((ListingRow) row, ttlSeconds);
  }
}
