package io.postflight.store.cql;

import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import java.util.concurrent.CompletionStage;

/** Slices of a user's timeline partitions. */
record TimelineSlices(Statements statements, TimelineQuery query, Deadline deadline)
    implements MergedPageReader.Slices<TimelineItem> {
  /** Rows requested first: an action's attributes may have 64 KiB. */
  private static final int TIMELINE_ROWS = 64;

  @Override
  public CompletionStage<MergedPageReader.Slice<TimelineItem>> range(
      long bucket, int shard, long from, long to, MergedPageReader.SliceLimit limit) {
    return CqlReader.slice(
        statements,
        statements
            .selectTimelineSlice()
            .bind(query.tenant(), query.userId(), bucket, shard, from, to, limit.rows())
            .setExecutionProfileName(SessionConfig.READ)
            .setTimeout(deadline.requestTimeout()),
        SelectTimelineSlice::read,
        limit,
        TIMELINE_ROWS);
  }

  @Override
  public CompletionStage<MergedPageReader.Slice<TimelineItem>> ties(
      long bucket, int shard, long time, String id, MergedPageReader.SliceLimit limit) {
    return CqlReader.slice(
        statements,
        statements
            .selectTimelineTies()
            .bind(query.tenant(), query.userId(), bucket, shard, time, id, limit.rows())
            .setExecutionProfileName(SessionConfig.READ)
            .setTimeout(deadline.requestTimeout()),
        SelectTimelineSlice::read,
        limit,
        TIMELINE_ROWS);
  }

  @Override
  public long bytes(TimelineItem row) {
    return row.bytes();
  }
}
