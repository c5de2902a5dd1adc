package io.postflight.store;

import io.postflight.schema.tenant.ShardVersion;
import java.util.List;

/** How many shards a slice of time can have rows in. */
public final class ShardCounts {
  private ShardCounts() {}

  /**
   * The most shards that any time in [start, end) has.
   *
   * @param versions oldest first; the first also holds for all time before it
   */
  public static int most(List<ShardVersion> versions, long start, long end) {
    int most = 1;
    for (int i = 0; i < versions.size(); i++) {
      boolean begins = i == 0 || versions.get(i).getFrom() < end;
      boolean lasts = i + 1 == versions.size() || versions.get(i + 1).getFrom() > start;
      if (begins && lasts) {
        most = Math.max(most, versions.get(i).getCount());
      }
    }
    return most;
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
            "shard versions are " + versions + "; each has to begin later than the one before");
      }
    }
    return List.copyOf(versions);
  }
}
