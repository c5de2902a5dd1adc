package io.postflight.store;

/**
 * The primary key of a row.
 *
 * @param partition its partition
 * @param time {@code event_time} or {@code listed_at}, epoch milliseconds; 0 in tables without
 * @param id {@code event_id}, {@code type} or {@code message_id} of tables clustered by it; empty
 *     otherwise
 */
public record RowKey(PartitionKey partition, long time, String id) {
  /** The key of a row. */
  public static RowKey of(Row row) {
    if (row instanceof TimelineRow timeline) {
      return new RowKey(row.partition(), timeline.event().eventTime(), timeline.event().eventId());
    }
    if (row instanceof LatestRow latest) {
      return new RowKey(row.partition(), 0, latest.event().type());
    }
    if (row instanceof ListingRow listing) {
      return new RowKey(row.partition(), listing.listedAt(), listing.revision().getMessageId());
    }
    return new RowKey(row.partition(), 0, "");
  }

  /** The table it belongs to. */
  public Table table() {
    return partition.table();
  }
}
