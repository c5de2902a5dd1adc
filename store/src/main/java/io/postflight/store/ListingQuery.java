package io.postflight.store;

import io.postflight.schema.directory.Shards;
import io.postflight.schema.tenant.ShardVersion;
import java.util.List;

/**
 * Query for a page of a tenant's completed messages. Equal queries may share one result.
 *
 * @param tenant the tenant
 * @param shards the tenant's listing shard counts, oldest first
 * @param filter filter of messages
 * @param order sort order
 * @param page the requested page, by listed_at
 */
public record ListingQuery(
    String tenant, List<ShardVersion> shards, ListingFilter filter, Order order, PageRequest page) {
  public ListingQuery {
    shards = Shards.requireOrdered(shards);
  }

  /** Query for the newest completed messages of a tenant with these listing shards. */
  public static ListingQuery newest(String tenant, List<ShardVersion> shards, int limit) {
    return new ListingQuery(
        tenant, shards, ListingFilter.ALL, Order.NEWEST_FIRST, PageRequest.first(limit));
  }

  /** This query for another page. */
  public ListingQuery with(PageRequest other) {
    return new ListingQuery(tenant, shards, filter, order, other);
  }
}
