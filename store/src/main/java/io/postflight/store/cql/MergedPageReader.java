package io.postflight.store.cql;

import io.postflight.schema.directory.Shards;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.store.Bucket;
import io.postflight.store.Buckets;
import io.postflight.store.EventReader;
import io.postflight.store.Order;
import io.postflight.store.Page;
import io.postflight.store.Position;
import io.postflight.store.StoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one ordered page out of many partitions: buckets of time, each cut into shards.
 *
 * <p>A bounded merge: a step reads a window of buckets, all their shards concurrently, at most n
 * rows of each partition. A partition that returned n rows may have more, and rows past its last
 * one are unknown. So the step ends at its <em>frontier</em>, the first such last row in read
 * order: all rows up to it are known, and are added to the page in order. Rows beyond it are
 * dropped and read again by the next step, which begins at the frontier; that is cheaper than a
 * cursor per partition, and a page usually takes one step. A slice of large rows is cut by its
 * bytes, which is the same: it ends at its last row.
 *
 * <p>Most buckets of most users are empty. While a step finds less than half of the missing rows,
 * the window doubles, so that an inactive user's history takes few round trips; when it finds
 * enough, the window is reset to one bucket.
 *
 * <p>Position semantics: reading continues strictly after (time, id). An empty id precedes all ids,
 * so that it means "at this time or before" with newest first and "after this time" with oldest
 * first.
 */
final class MergedPageReader<T> {
  private static final int MAX_PARTITIONS = 64;

  /** Rows read per partition when a filter may drop most of them. */
  private static final int FILTERED_ROWS = 500;

  /** Reads a slice of one partition, in read order, up to a limit. */
  interface Slices<T> {
    /** Rows with from <= time < to. */
    CompletionStage<Slice<T>> range(long bucket, int shard, long from, long to, SliceLimit limit);

    /** Rows of one time that come after an id. */
    CompletionStage<Slice<T>> ties(long bucket, int shard, long time, String id, SliceLimit limit);

    /** About how many bytes a row has. */
    long bytes(T row);
  }

  /**
   * Where a slice ends.
   *
   * @param rows at most so many rows
   * @param bytes no further rows once they have so many bytes
   */
  record SliceLimit(int rows, long bytes) {}

  /**
   * A slice of a partition.
   *
   * @param more whether there may be rows behind the last one
   */
  record Slice<T>(List<T> rows, boolean more) {}

  /**
   * The requested rows.
   *
   * @param from first time
   * @param to end of the time range (exclusive)
   * @param bytes a page ends early once its rows have so many; so many are read in one step
   */
  record Range(long from, long to, Order order, @Nullable Position after, int limit, long bytes) {
    Range(long from, long to, Order order, @Nullable Position after, int limit) {
      this(from, to, order, after, limit, EventReader.MAX_BYTES);
    }
  }

  private final Slices<T> slices;
  private final Buckets buckets;
  private final List<ShardVersion> shards;
  private final Range range;
  private final Function<T, Position> position;
  private final @Nullable Predicate<T> filter;
  private final BooleanSupplier deadlinePassed;
  private final Comparator<Position> order;

  private final List<T> found = new ArrayList<>();
  private @Nullable Position at;
  private int window = 1;
  private long bytes;

  MergedPageReader(
      Slices<T> slices,
      Buckets buckets,
      List<ShardVersion> shards,
      Range range,
      Function<T, Position> position,
      @Nullable Predicate<T> filter,
      BooleanSupplier deadlinePassed) {
    this.slices = slices;
    this.buckets = buckets;
    this.shards = shards;
    this.range = range;
    this.position = position;
    this.filter = filter;
    this.deadlinePassed = deadlinePassed;
    this.at = range.after();
    Comparator<Position> newestFirst =
        Comparator.comparingLong(Position::time).reversed().thenComparing(Position::id);
    this.order = newestFirst() ? newestFirst : newestFirst.reversed();
  }

  /** Reads the page; to be called once. */
  CompletionStage<Page<T>> page() {
    Bounds bounds = bounds();
    if (bounds.isEmpty()) {
      return CompletableFuture.completedFuture(new Page<>(found, null, false));
    }
    if (deadlinePassed.getAsBoolean() || bytes >= range.bytes()) {
      return CompletableFuture.completedFuture(partialPage());
    }
    return step(bounds)
        .handle(
            (more, failure) -> {
              if (failure == null) {
                return more ? page() : CompletableFuture.completedFuture(fullPage());
              }
              // Without progress the next page would fail again: that is no page but a failure.
              boolean progressed = !Objects.equals(at, range.after());
              return progressed && DriverFailures.kind(failure) == StoreException.Kind.TRANSIENT
                  ? CompletableFuture.completedFuture(partialPage())
                  : CompletableFuture.<Page<T>>failedFuture(failure);
            })
        .thenCompose(Function.identity());
  }

  /** Reads one window of buckets; returns whether the page needs more rows. */
  private CompletionStage<Boolean> step(Bounds bounds) {
    int requested = range.limit() + 1 - found.size();
    int rows = filter == null ? requested : Math.max(requested, FILTERED_ROWS);
    List<Bucket> ahead = window(bounds);
    List<CompletableFuture<Slice<T>>> reads = new ArrayList<>();
    int partitions =
        ahead.stream().mapToInt(each -> Shards.max(shards, each.start(), each.end())).sum();
    SliceLimit limit = new SliceLimit(rows, range.bytes() / partitions);
    for (Bucket bucket : ahead) {
      int count = Shards.max(shards, bucket.start(), bucket.end());
      for (int shard = 0; shard < count; shard++) {
        reads.add(read(bucket, shard, bounds, limit).toCompletableFuture());
      }
    }
    return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
        .thenApply(done -> take(reads.stream().map(CompletableFuture::join).toList(), ahead));
  }

  private boolean take(List<Slice<T>> parts, List<Bucket> ahead) {
    Position frontier = null;
    for (Slice<T> part : parts) {
      if (part.more()) {
        Position last = position.apply(part.rows().get(part.rows().size() - 1));
        frontier = frontier == null || order.compare(last, frontier) < 0 ? last : frontier;
      }
    }
    Position end = frontier;
    List<T> complete =
        parts.stream()
            .flatMap(part -> part.rows().stream())
            .filter(item -> end == null || order.compare(position.apply(item), end) <= 0)
            .sorted(Comparator.comparing(position, order))
            .toList();
    Stream<T> matching = filter == null ? complete.stream() : complete.stream().filter(filter);
    int before = found.size();
    matching
        .limit(range.limit() + 1L - before)
        .forEach(
            row -> {
              found.add(row);
              bytes += slices.bytes(row);
            });
    at = end == null ? endOf(ahead) : end;
    window = 2 * (found.size() - before) < range.limit() + 1 - before ? window * 2 : 1;
    return found.size() <= range.limit();
  }

  private CompletionStage<Slice<T>> read(
      Bucket bucket, int shard, Bounds bounds, SliceLimit limit) {
    long from = Math.max(bucket.start(), bounds.from());
    long to = Math.min(bucket.end(), bounds.to());
    CompletionStage<Slice<T>> later =
        from < to
            ? slices.range(bucket.start(), shard, from, to, limit)
            : CompletableFuture.completedFuture(new Slice<>(List.of(), false));
    Position tie = bounds.tie();
    if (tie == null || tie.time() < bucket.start() || tie.time() >= bucket.end()) {
      return later;
    }
    return slices
        .ties(bucket.start(), shard, tie.time(), tie.id(), limit)
        .thenCombine(
            later,
            (ties, rest) ->
                ties.more()
                    ? ties
                    : new Slice<>(
                        Stream.concat(ties.rows().stream(), rest.rows().stream()).toList(),
                        rest.more()));
  }

  private List<Bucket> window(Bounds bounds) {
    List<Bucket> all = buckets.newestFirst(bounds.first(), bounds.last() + 1);
    if (!newestFirst()) {
      all = new ArrayList<>(all);
      Collections.reverse(all);
    }
    List<Bucket> ahead = new ArrayList<>();
    int partitions = 0;
    for (Bucket bucket : all) {
      partitions += Shards.max(shards, bucket.start(), bucket.end());
      if (!ahead.isEmpty() && (ahead.size() == window || partitions > MAX_PARTITIONS)) {
        break;
      }
      ahead.add(bucket);
    }
    return ahead;
  }

  /** The remaining range after the current position. */
  private Bounds bounds() {
    Position done = at;
    if (done == null) {
      return new Bounds(range.from(), range.to(), null);
    }
    boolean ties = !done.id().isEmpty() && done.time() >= range.from() && done.time() < range.to();
    if (newestFirst()) {
      long to = done.id().isEmpty() ? done.time() + 1 : done.time();
      return new Bounds(range.from(), Math.min(to, range.to()), ties ? done : null);
    }
    return new Bounds(Math.max(done.time() + 1, range.from()), range.to(), ties ? done : null);
  }

  private Position endOf(List<Bucket> ahead) {
    Bucket last = ahead.get(ahead.size() - 1);
    return new Position((newestFirst() ? last.start() : last.end()) - 1, "");
  }

  private Page<T> fullPage() {
    List<T> items = found.subList(0, range.limit());
    return new Page<>(items, position.apply(items.get(items.size() - 1)), false);
  }

  private Page<T> partialPage() {
    Position start = new Position((newestFirst() ? range.to() : range.from()) - 1, "");
    return new Page<>(found, at == null ? start : at, true);
  }

  private boolean newestFirst() {
    return range.order() == Order.NEWEST_FIRST;
  }

  /**
   * The remaining time range.
   *
   * @param tie rows of this time after this id remain, too
   */
  private record Bounds(long from, long to, @Nullable Position tie) {
    boolean isEmpty() {
      return from >= to && tie == null;
    }

    long first() {
      return tie == null ? from : from < to ? Math.min(from, tie.time()) : tie.time();
    }

    long last() {
      return tie == null ? to - 1 : from < to ? Math.max(to - 1, tie.time()) : tie.time();
    }
  }
}
