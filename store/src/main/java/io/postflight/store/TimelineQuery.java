package io.postflight.store;

import io.postflight.schema.directory.Shards;
import io.postflight.schema.tenant.ShardVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Query for a page of a user's timeline, newest first. Equal queries may share one result.
 *
 * @param tenant the tenant
 * @param userId the user
 * @param shards the tenant's timeline shard counts, oldest first
 * @param type exact type, or a prefix that ends in {@code .*}, such as {@code message.*}; null for
 *     all
 * @param page the requested page, by event_time
 */
public record TimelineQuery(
    String tenant,
    String userId,
    List<ShardVersion> shards,
    @Nullable String type,
    PageRequest page) {
  public TimelineQuery {
    shards = Shards.requireOrdered(shards);
  }

  /** Query for the newest items of a user in a tenant with these timeline shards. */
  public static TimelineQuery newest(
      String tenant, String userId, List<ShardVersion> shards, int limit) {
    return new TimelineQuery(tenant, userId, shards, null, PageRequest.first(limit));
  }

  /** This query for another page. */
  public TimelineQuery with(PageRequest other) {
    return new TimelineQuery(tenant, userId, shards, type, other);
  }

  /** This query for another user. */
  public TimelineQuery ofUser(String other) {
    return new TimelineQuery(tenant, other, shards, type, page);
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
}
