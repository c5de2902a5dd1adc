package io.postflight.store.cql;

import io.postflight.store.PartitionKey;
import io.postflight.store.Table;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import io.postflight.store.TimelineRow;
import java.util.Map;

/** Slices of a user's timeline partitions, newest first. */
final class TimelineSlices extends PartitionSlices<TimelineItem> {
  /** An action's attributes may have 64 KiB. */
  private static final int MAX_ROW_BYTES = 64 << 10;

  private static final int MIN_FIRST_ROWS = 4;

  private final TimelineQuery query;

  TimelineSlices(Statements statements, TimelineQuery query, Deadline deadline) {
    super(statements, statements.timelineSlice(), statements.timelineTies(), deadline);
    this.query = query;
  }

  @Override
  PartitionKey partition(long bucket, int shard) {
    return new PartitionKey(Table.TIMELINE, query.tenant(), query.userId(), bucket, shard);
  }

  @Override
  TimelineItem row(long time, String id, Map<String, Object> cells) {
    return TimelineRow.event(time, id, cells);
  }

  @Override
  int firstRows(long bytes) {
    return (int) Math.max(MIN_FIRST_ROWS, bytes / MAX_ROW_BYTES);
  }

  @Override
  public long bytes(TimelineItem row) {
    return row.bytes();
  }
}
