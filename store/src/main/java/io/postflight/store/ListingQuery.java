package io.postflight.store;

import io.postflight.schema.directory.Shards;
import io.postflight.schema.tenant.ShardVersion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Query for a page of a tenant's completed messages. Equal queries may share one result.
 *
 * @param tenant the tenant
 * @param shards the tenant's listing shard counts, oldest first
 * @param since first listed_at, epoch milliseconds; null for the whole retention
 * @param until end of listed_at (exclusive), epoch milliseconds; null: the present time
 * @param filter filter of messages
 * @param order sort order
 * @param limit maximum number of items, 1 to 1000
 * @param after end of the previous page; null for the first page
 * @param budget time after which a partial page is returned; null if only single requests time out
 */
public record ListingQuery(
    String tenant,
    List<ShardVersion> shards,
    @Nullable Long since,
    @Nullable Long until,
    ListingFilter filter,
    Order order,
    int limit,
    @Nullable Position after,
    @Nullable Duration budget) {
  public ListingQuery {
    shards = Shards.requireOrdered(shards);
    TimelineQuery.requireLimit(limit);
  }

  /** Query for the newest completed messages of a tenant with these listing shards. */
  public static ListingQuery newest(String tenant, List<ShardVersion> shards, int limit) {
    return new ListingQuery(
        tenant, shards, null, null, ListingFilter.ALL, Order.NEWEST_FIRST, limit, null, null);
  }

  /** This query, continued after a position. */
  public ListingQuery after(@Nullable Position position) {
    return new ListingQuery(tenant, shards, since, until, filter, order, limit, position, budget);
  }
}
