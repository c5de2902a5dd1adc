package io.postflight.store;

import io.postflight.schema.tenant.ShardVersion;
import java.util.List;

/** Number of shards of a time range. */
public final class ShardCounts {
  private ShardCounts() {}

  /**
   * The maximum number of shards at any time in [start, end).
   *
   * @param versions oldest first; the first also holds for all time before it
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

  static List<ShardVersion> requireOrdered(List<ShardVersion> versions) {
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
