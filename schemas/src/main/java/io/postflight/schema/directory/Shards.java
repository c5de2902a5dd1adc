package io.postflight.schema.directory;

import io.postflight.schema.tenant.ShardVersion;
import java.util.List;

/** Pure functions of a history of shard counts. All times are epoch milliseconds. */
public final class Shards {
  private Shards() {}

  /** The shard count that is valid at a time; before the start of the history, the oldest. */
  public static int at(List<ShardVersion> versions, long time) {
    return versions.get(indexAt(versions, time)).getCount();
  }

  /**
   * The greatest shard count between two times, inclusive: a reader of this many shards of a bucket
   * misses no row.
   */
  public static int greatestIn(List<ShardVersion> versions, long from, long to) {
    int greatest = 0;
    for (int i = indexAt(versions, from); i <= indexAt(versions, Math.max(from, to)); i++) {
      greatest = Math.max(greatest, versions.get(i).getCount());
    }
    return greatest;
  }

  private static int indexAt(List<ShardVersion> versions, long time) {
    int i = versions.size() - 1;
    while (i > 0 && versions.get(i).getFrom() > time) {
      i--;
    }
    return i;
  }
}
