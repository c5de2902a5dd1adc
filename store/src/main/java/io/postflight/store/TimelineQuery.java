package io.postflight.store;

import io.postflight.schema.directory.Shards;
import io.postflight.schema.tenant.ShardVersion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Query for a page of a user's timeline, newest first. Equal queries may share one result.
 *
 * @param tenant the tenant
 * @param userId the user
 * @param shards the tenant's timeline shard counts, oldest first
 * @param since first event_time, epoch milliseconds; null for the whole retention
 * @param until end of event_time (exclusive), epoch milliseconds; null: the present time
 * @param type exact type, or a prefix that ends in {@code .*}, such as {@code message.*}; null for
 *     all
 * @param limit maximum number of items, 1 to 1000
 * @param after end of the previous page; null for the first page
 * @param budget time after which a partial page is returned; null if only single requests time out
 */
public record TimelineQuery(
    String tenant,
    String userId,
    List<ShardVersion> shards,
    @Nullable Long since,
    @Nullable Long until,
    @Nullable String type,
    int limit,
    @Nullable Position after,
    @Nullable Duration budget) {
  static final int MAX_LIMIT = 1000;

  public TimelineQuery {
    shards = Shards.requireOrdered(shards);
    requireLimit(limit);
  }

  /** Query for the newest items of a user in a tenant with these timeline shards. */
  public static TimelineQuery newest(
      String tenant, String userId, List<ShardVersion> shards, int limit) {
    return new TimelineQuery(tenant, userId, shards, null, null, null, limit, null, null);
  }

  /** This query, continued after a position. */
  public TimelineQuery after(@Nullable Position position) {
    return new TimelineQuery(tenant, userId, shards, since, until, type, limit, position, budget);
  }

  /** Whether an item's type matches. */
  public boolean matches(TimelineItem item) {
    String requested = type;
    if (requested == null) {
      return true;
    }
    return requested.endsWith(".*")
        ? item.type().startsWith(requested.substring(0, requested.length() - 1))
        : item.type().equals(requested);
  }

  static void requireLimit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit is " + limit + "; allowed is 1 to " + MAX_LIMIT);
    }
  }
}
