package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.directory.Shards;
import io.postflight.schema.tenant.ShardVersion;
import io.postflight.store.BucketWidth;
import io.postflight.store.Buckets;
import io.postflight.store.Order;
import io.postflight.store.Page;
import io.postflight.store.Position;
import io.postflight.store.ShardOf;
import io.postflight.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compared with sorting all rows. */
class MergedPageReaderTest {
  private static final long MINUTE = 60_000;
  private static final Buckets BUCKETS =
      new Buckets(
          List.of(
              new BucketWidth(0, Duration.ofMinutes(10)),
              new BucketWidth(95 * MINUTE, Duration.ofMinutes(3))));
  private static final List<ShardVersion> SHARDS =
      List.of(
          new ShardVersion(1, 0L),
          new ShardVersion(4, 42 * MINUTE),
          new ShardVersion(2, 120 * MINUTE));
  private static final Comparator<Position> NEWEST_FIRST =
      Comparator.comparingLong(Position::time).reversed().thenComparing(Position::id);

  @Property
  void pages_together_contain_all_rows_in_order(
      @ForAll long seed,
      @ForAll @IntRange(max = 150) int rows,
      @ForAll @IntRange(min = 1, max = 40) int limit,
      @ForAll Order order,
      @ForAll boolean filtered,
      @ForAll boolean hurried,
      @ForAll boolean large) {
    Random random = new Random(seed);
    Partitions partitions = new Partitions(random, rows, order);
    partitions.rowBytes = large ? 300_000 : 1;
    long from = random.nextInt(60) * MINUTE;
    long to = from + random.nextInt(150) * MINUTE;
    Predicate<Position> filter =
        filtered ? position -> position.id().hashCode() % 3 == 0 : position -> true;
    BooleanSupplier deadlinePassed = hurried ? () -> random.nextInt(3) == 0 : () -> false;

    List<Position> read = new ArrayList<>();
    Position next = null;
    do {
      MergedPageReader.Range range = new MergedPageReader.Range(from, to, order, next, limit);
      Page<Position> page =
          new MergedPageReader<>(
                  partitions,
                  BUCKETS,
                  SHARDS,
                  range,
                  Function.identity(),
                  filtered ? filter : null,
                  deadlinePassed)
              .page()
              .toCompletableFuture()
              .join();
      assertThat(page.items().size() == limit || page.next() == null || page.partial()).isTrue();
      read.addAll(page.items());
      next = page.next();
    } while (next != null);

    assertThat(read)
        .isEqualTo(
            partitions.all.stream()
                .filter(row -> row.time() >= from && row.time() < to)
                .filter(filter)
                .sorted(order == Order.NEWEST_FIRST ? NEWEST_FIRST : NEWEST_FIRST.reversed())
                .toList());
  }

  @ParameterizedTest
  @CsvSource({"4194304,40", "1048576,10"})
  void a_page_of_large_rows_ends_early_with_a_position_to_continue_from(long bytes, int most) {
    Partitions partitions = new Partitions(new Random(1), 0, Order.NEWEST_FIRST);
    partitions.rowBytes = 240_000;
    for (int i = 0; i < 1_000; i++) {
      partitions.add(new Position(31 * MINUTE + i, "e" + i));
    }

    Page<Position> page =
        new MergedPageReader<>(
                partitions,
                BUCKETS,
                SHARDS,
                new MergedPageReader.Range(0, 32 * MINUTE, Order.NEWEST_FIRST, null, 1_000, bytes),
                Function.identity(),
                null,
                () -> false)
            .page()
            .toCompletableFuture()
            .join();

    assertThat(page.partial()).isTrue();
    assertThat(page.items()).hasSizeBetween(1, most);
    assertThat(page.next()).isEqualTo(page.items().get(page.items().size() - 1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_page_whose_first_read_fails_is_no_partial_page(boolean continued) {
    Partitions partitions = new Partitions(new Random(1), 0, Order.NEWEST_FIRST);
    partitions.failedRead = 1;
    Position after = continued ? new Position(31 * MINUTE, "") : null;

    assertThat(page(partitions, after)).isCompletedExceptionally();
  }

  @Test
  void a_page_ends_when_the_database_becomes_unavailable() {
    Partitions partitions = new Partitions(new Random(1), 0, Order.NEWEST_FIRST);
    partitions.failedRead = 2;

    Page<Position> page = page(partitions, null).join();

    assertThat(page.partial()).isTrue();
    assertThat(page.next()).isEqualTo(new Position(30 * MINUTE - 1, ""));
  }

  @Test
  void a_page_of_which_a_later_read_is_rejected_fails() {
    Partitions partitions = new Partitions(new Random(1), 0, Order.NEWEST_FIRST);
    partitions.failedRead = 2;
    partitions.failure = StoreException.Kind.INVALID;

    assertThat(page(partitions, null)).isCompletedExceptionally();
  }

  private static CompletableFuture<Page<Position>> page(
      Partitions partitions, @Nullable Position after) {
    return new MergedPageReader<>(
            partitions,
            BUCKETS,
            SHARDS,
            new MergedPageReader.Range(0, 32 * MINUTE, Order.NEWEST_FIRST, after, 50),
            Function.identity(),
            null,
            () -> false)
        .page()
        .toCompletableFuture();
  }

  @Test
  void an_inactive_user_takes_few_steps() {
    Partitions partitions = new Partitions(new Random(1), 0, Order.NEWEST_FIRST);
    partitions.add(new Position(3, "old"));
    Page<Position> page =
        new MergedPageReader<>(
                partitions,
                new Buckets(List.of(new BucketWidth(0, Duration.ofMinutes(1)))),
                List.of(new ShardVersion(1, 0L)),
                new MergedPageReader.Range(0, 60 * MINUTE, Order.NEWEST_FIRST, null, 50),
                Function.identity(),
                null,
                () -> {
                  partitions.steps++;
                  return false;
                })
            .page()
            .toCompletableFuture()
            .join();
    assertThat(page.items()).containsExactly(new Position(3, "old"));
    assertThat(partitions.steps).isLessThanOrEqualTo(6);
  }

  @Test
  void a_busy_users_page_reads_one_bucket() {
    Partitions partitions = new Partitions(new Random(1), 0, Order.NEWEST_FIRST);
    for (int i = 0; i < 100; i++) {
      partitions.add(new Position(31 * MINUTE + i, "e" + i));
    }
    new MergedPageReader<>(
            partitions,
            BUCKETS,
            SHARDS,
            new MergedPageReader.Range(0, 32 * MINUTE, Order.NEWEST_FIRST, null, 50),
            Function.identity(),
            null,
            () -> false)
        .page()
        .toCompletableFuture()
        .join();
    assertThat(partitions.reads).isEqualTo(1);
  }

  /** Rows in partitions, as in a database. */
  private static final class Partitions implements MergedPageReader.Slices<Position> {
    final List<Position> all = new ArrayList<>();
    private final Order order;
    private final Map<String, TreeSet<Position>> rows = new HashMap<>();
    long rowBytes = 1;
    int steps;
    int reads;
    int failedRead;
    StoreException.Kind failure = StoreException.Kind.TRANSIENT;

    Partitions(Random random, int count, Order order) {
      this.order = order;
      for (int i = 0; i < count; i++) {
        // Few distinct times, so that many rows share one.
        add(new Position(random.nextInt(60) * 3L * MINUTE + random.nextInt(2), "e" + i));
      }
    }

    void add(Position row) {
      all.add(row);
      int count = Shards.max(SHARDS, row.time(), row.time() + 1);
      rows.computeIfAbsent(
              BUCKETS.at(row.time()).start() + "/" + ShardOf.id(row.id(), count),
              key ->
                  new TreeSet<>(
                      order == Order.NEWEST_FIRST ? NEWEST_FIRST : NEWEST_FIRST.reversed()))
          .add(row);
    }

    @Override
    public CompletionStage<MergedPageReader.Slice<Position>> range(
        long bucket, int shard, long from, long to, MergedPageReader.SliceLimit limit) {
      assertThat(from).isLessThan(to);
      reads++;
      if (reads == failedRead) {
        return CompletableFuture.failedFuture(new StoreException(failure, "failed"));
      }
      return answer(bucket, shard, row -> row.time() >= from && row.time() < to, limit);
    }

    @Override
    public CompletionStage<MergedPageReader.Slice<Position>> ties(
        long bucket, int shard, long time, String id, MergedPageReader.SliceLimit limit) {
      return answer(
          bucket,
          shard,
          row ->
              row.time() == time
                  && (order == Order.NEWEST_FIRST
                      ? row.id().compareTo(id) > 0
                      : row.id().compareTo(id) < 0),
          limit);
    }

    private CompletionStage<MergedPageReader.Slice<Position>> answer(
        long bucket, int shard, Predicate<Position> requested, MergedPageReader.SliceLimit limit) {
      @Nullable TreeSet<Position> partition = rows.get(bucket + "/" + shard);
      Stream<Position> found = partition == null ? Stream.empty() : partition.stream();
      long most = Math.min(limit.rows(), Math.max(1, limit.bytes() / rowBytes));
      List<Position> read = found.filter(requested).limit(most).collect(Collectors.toList());
      return CompletableFuture.completedFuture(
          new MergedPageReader.Slice<>(read, read.size() == most));
    }

    @Override
    public long bytes(Position row) {
      return rowBytes;
    }
  }
}
