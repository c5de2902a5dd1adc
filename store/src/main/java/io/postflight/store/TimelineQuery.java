package io.postflight.store;

import io.postflight.schema.tenant.ShardVersion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a user's timeline, newest first. Equal queries may share one answer.
 *
 * @param tenant the tenant
 * @param userId the user
 * @param shards the tenant's timeline shard counts, oldest first
 * @param since first event_time wanted, epoch milliseconds; null: as far back as rows live
 * @param until first event_time no longer wanted, epoch milliseconds; null: up to now
 * @param type exact type, or a prefix that ends in {@code .*}, such as {@code message.*}; null: all
 * @param limit items wanted at most, 1 to 1000
 * @param after where the page before ended; null: from the newest on
 * @param budget how long reading may go on before what was found is given as a partial page; null:
 *     no bound but that of each request
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
  static final int MOST = 1000;

  public TimelineQuery {
    shards = ShardCounts.requireOrdered(shards);
    requireLimit(limit);
  }

  /** The newest items of one user in a tenant whose timelines are cut as given. */
  public static TimelineQuery newest(
      String tenant, String userId, List<ShardVersion> shards, int limit) {
    return new TimelineQuery(tenant, userId, shards, null, null, null, limit, null, null);
  }

  /** The same query, going on after a position. */
  public TimelineQuery after(@Nullable Position position) {
    return new TimelineQuery(tenant, userId, shards, since, until, type, limit, position, budget);
  }

  /** Whether an item's type is wanted. */
  public boolean matches(TimelineItem item) {
    String wanted = type;
    if (wanted == null) {
      return true;
    }
    return wanted.endsWith(".*")
        ? item.type().startsWith(wanted.substring(0, wanted.length() - 1))
        : item.type().equals(wanted);
  }

  static void requireLimit(int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("limit is " + limit + "; allowed is 1 to " + MOST);
    }
  }
}
