package io.postflight.store.cql;

import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Order;
import java.util.concurrent.CompletionStage;

/** Slices of a tenant's listing partitions, in the order of the query. */
record ListingSlices(Statements statements, ListingQuery query, Deadline deadline)
    implements MergedPageReader.Slices<ListingItem> {
  @Override
  public CompletionStage<MergedPageReader.Slice<ListingItem>> range(
      long bucket, int shard, long from, long to, MergedPageReader.SliceLimit limit) {
    SelectListingSlice select =
        query.order() == Order.NEWEST_FIRST
            ? statements.selectNewestListed()
            : statements.selectOldestListed();
    return CqlReader.slice(
        statements,
        select
            .bind(query.tenant(), bucket, shard, from, to, limit.rows())
            .setExecutionProfileName(SessionConfig.READ)
            .setTimeout(deadline.requestTimeout()),
        SelectListingSlice::read,
        limit,
        limit.rows());
  }

  @Override
  public CompletionStage<MergedPageReader.Slice<ListingItem>> ties(
      long bucket, int shard, long time, String id, MergedPageReader.SliceLimit limit) {
    SelectListingTies select =
        query.order() == Order.NEWEST_FIRST
            ? statements.selectNewestListedTies()
            : statements.selectOldestListedTies();
    return CqlReader.slice(
        statements,
        select
            .bind(query.tenant(), bucket, shard, time, id, limit.rows())
            .setExecutionProfileName(SessionConfig.READ)
            .setTimeout(deadline.requestTimeout()),
        SelectListingSlice::read,
        limit,
        limit.rows());
  }

  /** Ids, times and words: small, whatever the message. */
  @Override
  public long bytes(ListingItem row) {
    return 512;
  }
}
