package io.postflight.schema.directory;

import io.postflight.schema.tenant.ShardVersion;
import java.util.List;

/** Pure functions of a history of shard counts. All times are epoch milliseconds. */
public final class Shards {
  private Shards() {}

  /** The shard count that is valid at a time; before the start of the history, the oldest. */
  public static int at(List<ShardVersion> versions, long time) {
    int i = versions.size() - 1;
    while (i > 0 && versions.get(i).getFrom() > time) {
      i--;
    }
    return versions.get(i).getCount();
  }

  /**
   * The maximum shard count at any time in [start, end): a reader of this many shards of a bucket
   * misses no row.
   */
  public static int max(List<ShardVersion> versions, long start, long end) {
    int max = 1;
    for (int i = 0; i < versions.size(); i++) {
      boolean begins = i == 0 || versions.get(i).getFrom() < end;
      boolean lasts = i + 1 == versions.size() || versions.get(i + 1).getFrom() > start;
      if (begins && lasts) {
        max = Math.max(max, versions.get(i).getCount());
      }
    }
    return max;
  }

  /**
   * Returns a copy of the history.
   *
   * @throws IllegalArgumentException unless it has shard counts from 1, oldest first
   */
  public static List<ShardVersion> requireOrdered(List<ShardVersion> versions) {
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("shard versions are empty; at least one is needed");
    }
    for (int i = 0; i < versions.size(); i++) {
      if (versions.get(i).getCount() < 1) {
        throw new IllegalArgumentException(
            "shard count is " + versions.get(i).getCount() + "; at least 1 is allowed");
      }
      if (i > 0 && versions.get(i).getFrom() <= versions.get(i - 1).getFrom()) {
        throw new IllegalArgumentException(
            "shard versions are " + versions + "; each must begin later than the one before");
      }
    }
    return List.copyOf(versions);
  }
}
