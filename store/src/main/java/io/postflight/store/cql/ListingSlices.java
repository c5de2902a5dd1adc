package io.postflight.store.cql;

import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.ListingRow;
import io.postflight.store.Order;
import io.postflight.store.PartitionKey;
import io.postflight.store.Table;
import java.util.Map;

/** Slices of a tenant's listing partitions, in the order of the query. */
final class ListingSlices extends PartitionSlices<ListingItem> {
  private final ListingQuery query;

  ListingSlices(Statements statements, ListingQuery query, Deadline deadline) {
    super(
        statements,
        query.order() == Order.NEWEST_FIRST ? statements.newestListed() : statements.oldestListed(),
        query.order() == Order.NEWEST_FIRST
            ? statements.newestListedTies()
            : statements.oldestListedTies(),
        deadline);
    this.query = query;
  }

  @Override
  PartitionKey partition(long bucket, int shard) {
    return new PartitionKey(Table.MESSAGE_BY_TIME, query.tenant(), "", bucket, shard);
  }

  @Override
  ListingItem row(long time, String id, Map<String, Object> cells) {
    return ListingRow.item(time, id, cells);
  }

  @Override
  int firstRows(long bytes) {
    return Integer.MAX_VALUE;
  }

  /** Ids, times and words: small, whatever the message. */
  @Override
  public long bytes(ListingItem row) {
    return 512;
  }
}
