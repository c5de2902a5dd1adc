package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.concurrent.CompletionStage;

/** Every statement of erasure, prepared once. */
record ErasureStatements(
    SelectWrittenMessage selectMessage,
    SelectWrittenEvents selectEvents,
    SelectEventsOfMessage selectEventsOfMessage,
    SelectWrittenLatest selectLatest,
    DeleteMessage deleteMessage,
    DeleteListedMessage deleteListedMessage,
    DeleteTimelineEvent deleteTimelineEvent,
    DeleteTimelinePartition deleteTimelinePartition,
    DeleteLatestEvent deleteLatestEvent,
    DeleteLatestPartition deleteLatestPartition,
    RedactMessage redactMessage,
    RedactListedMessage redactListedMessage,
    RedactTimelineEvent redactTimelineEvent) {

  static CompletionStage<ErasureStatements> prepare(CqlSession session, String keyspace) {
    StatementPreparation all = new StatementPreparation(session);
    var selectMessage = all.add(() -> SelectWrittenMessage.prepare(session, keyspace));
    var selectEvents = all.add(() -> SelectWrittenEvents.prepare(session, keyspace));
    var selectEventsOfMessage = all.add(() -> SelectEventsOfMessage.prepare(session, keyspace));
    var selectLatest = all.add(() -> SelectWrittenLatest.prepare(session, keyspace));
    var deleteMessage = all.add(() -> DeleteMessage.prepare(session, keyspace));
    var deleteListedMessage = all.add(() -> DeleteListedMessage.prepare(session, keyspace));
    var deleteTimelineEvent = all.add(() -> DeleteTimelineEvent.prepare(session, keyspace));
    var deleteTimelinePartition = all.add(() -> DeleteTimelinePartition.prepare(session, keyspace));
    var deleteLatestEvent = all.add(() -> DeleteLatestEvent.prepare(session, keyspace));
    var deleteLatestPartition = all.add(() -> DeleteLatestPartition.prepare(session, keyspace));
    var redactMessage = all.add(() -> RedactMessage.prepare(session, keyspace));
    var redactListedMessage = all.add(() -> RedactListedMessage.prepare(session, keyspace));
    var redactTimelineEvent = all.add(() -> RedactTimelineEvent.prepare(session, keyspace));
    return all.done()
        .thenApply(
            done ->
                new ErasureStatements(
                    selectMessage.join(),
                    selectEvents.join(),
                    selectEventsOfMessage.join(),
                    selectLatest.join(),
                    deleteMessage.join(),
                    deleteListedMessage.join(),
                    deleteTimelineEvent.join(),
                    deleteTimelinePartition.join(),
                    deleteLatestEvent.join(),
                    deleteLatestPartition.join(),
                    redactMessage.join(),
                    redactListedMessage.join(),
                    redactTimelineEvent.join()));
  }
}
