package io.postflight.store.cql;

import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Slices of a user's timeline partitions. */
record TimelineSlices(Statements statements, TimelineQuery query, Deadline deadline)
    implements MergedPageReader.Slices<TimelineItem> {
  @Override
  public CompletionStage<List<TimelineItem>> range(
      long bucket, int shard, long from, long to, int limit) {
    return CqlReader.rows(
        statements,
        statements
            .selectTimelineSlice()
            .bind(query.tenant(), query.userId(), bucket, shard, from, to, limit)
            .setExecutionProfileName(SessionConfig.READ)
            .setTimeout(deadline.requestTimeout()),
        SelectTimelineSlice::read);
  }

  @Override
  public CompletionStage<List<TimelineItem>> ties(
      long bucket, int shard, long time, String id, int limit) {
    return CqlReader.rows(
        statements,
        statements
            .selectTimelineTies()
            .bind(query.tenant(), query.userId(), bucket, shard, time, id, limit)
            .setExecutionProfileName(SessionConfig.READ)
            .setTimeout(deadline.requestTimeout()),
        SelectTimelineSlice::read);
  }
}
