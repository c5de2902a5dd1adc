package io.postflight.store;

import java.util.ArrayList;
import java.util.List;

/**
 * Bucket arithmetic: the bucket of a time, and the buckets between two times.
 *
 * <p>Buckets of one width are aligned to multiples of the width since the epoch and truncated where
 * the next width begins; the first bucket of a width starts with the width. So every millisecond
 * belongs to exactly one bucket, and a bucket is identified by its start. Times before the first
 * width belong to it.
 */
public final class Buckets {
  private final List<BucketWidth> widths;

  /**
   * @param widths oldest first, the first valid from 0
   */
  public Buckets(List<BucketWidth> widths) {
    requireOrdered(widths);
    this.widths = List.copyOf(widths);
  }

  static void requireOrdered(List<BucketWidth> widths) {
    if (widths.isEmpty() || widths.get(0).validFrom() != 0) {
      throw new IllegalArgumentException(
          "bucket widths are " + widths + "; the first one must be valid from 0");
    }
    for (int i = 1; i < widths.size(); i++) {
      if (widths.get(i).validFrom() <= widths.get(i - 1).validFrom()) {
        throw new IllegalArgumentException(
            "bucket widths are " + widths + "; each must be valid from later than the one before");
      }
    }
  }

  /** The bucket that a time (epoch milliseconds) belongs to. */
  public Bucket at(long time) {
    int version = versionAt(time);
    long width = widths.get(version).width().toMillis();
    long aligned = Math.floorDiv(time, width) * width;
    long start = version == 0 ? aligned : Math.max(aligned, widths.get(version).validFrom());
    long end = aligned + width;
    if (version + 1 < widths.size()) {
      end = Math.min(end, widths.get(version + 1).validFrom());
    }
    return new Bucket(start, end);
  }

  /**
   * All buckets that a time in [from, to) can belong to, newest first; none when the range is
   * empty.
   */
  public List<Bucket> newestFirst(long from, long to) {
    List<Bucket> buckets = new ArrayList<>();
    long time = to;
    while (time > from) {
      Bucket bucket = at(time - 1);
      buckets.add(bucket);
      time = bucket.start();
    }
    return buckets;
  }

  private int versionAt(long time) {
    int version = widths.size() - 1;
    while (version > 0 && time < widths.get(version).validFrom()) {
      version--;
    }
    return version;
  }
}
