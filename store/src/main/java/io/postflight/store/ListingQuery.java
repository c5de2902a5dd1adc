package io.postflight.store;

import io.postflight.schema.tenant.ShardVersion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a tenant's completed messages. Equal queries may share one answer.
 *
 * @param tenant the tenant
 * @param shards the tenant's listing shard counts, oldest first
 * @param since first listed_at wanted, epoch milliseconds; null: as far back as rows live
 * @param until first listed_at no longer wanted, epoch milliseconds; null: up to now
 * @param filter which messages are wanted
 * @param order which end comes first
 * @param limit items wanted at most, 1 to 1000
 * @param after where the page before ended; null: from the first on
 * @param budget how long reading may go on before what was found is given as a partial page; null:
 *     no bound but that of each request
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
    shards = ShardCounts.requireOrdered(shards);
    TimelineQuery.requireLimit(limit);
  }

  /** The newest completed messages of a tenant whose listing is cut as given. */
  public static ListingQuery newest(String tenant, List<ShardVersion> shards, int limit) {
    return new ListingQuery(
        tenant, shards, null, null, ListingFilter.ALL, Order.NEWEST_FIRST, limit, null, null);
  }

  /** The same query, going on after a position. */
  public ListingQuery after(@Nullable Position position) {
    return new ListingQuery(tenant, shards, since, until, filter, order, limit, position, budget);
  }
}
