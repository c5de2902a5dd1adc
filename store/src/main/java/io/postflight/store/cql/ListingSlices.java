package io.postflight.store.cql;

import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.Order;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Slices of a tenant's listing partitions, in the order of the query. */
record ListingSlices(Statements statements, ListingQuery query, Deadline deadline)
    implements MergedPageReader.Slices<ListingItem> {
  @Override
  public CompletionStage<List<ListingItem>> range(
      long bucket, int shard, long from, long to, int limit) {
    SelectListingSlice select =
        query.order() == Order.NEWEST_FIRST
            ? statements.selectNewestListed()
            : statements.selectOldestListed();
    return CqlReader.rows(
        statements,
        select
            .bind(query.tenant(), bucket, shard, from, to, limit)
            .setExecutionProfileName(SessionConfig.READ)
            .setTimeout(deadline.requestTimeout()),
        SelectListingSlice::read);
  }

  @Override
  public CompletionStage<List<ListingItem>> ties(
      long bucket, int shard, long time, String id, int limit) {
    SelectListingTies select =
        query.order() == Order.NEWEST_FIRST
            ? statements.selectNewestListedTies()
            : statements.selectOldestListedTies();
    return CqlReader.rows(
        statements,
        select
            .bind(query.tenant(), bucket, shard, time, id, limit)
            .setExecutionProfileName(SessionConfig.READ)
            .setTimeout(deadline.requestTimeout()),
        SelectListingSlice::read);
  }
}
