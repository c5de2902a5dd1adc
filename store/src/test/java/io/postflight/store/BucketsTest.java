package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BucketsTest {
  private static final long MAX = 100L * 60 * 60 * 1000;

  @Property
  void a_time_lies_within_its_bucket(
      @ForAll("widths") List<BucketWidth> widths, @ForAll @LongRange(max = MAX) long time) {
    Bucket bucket = new Buckets(widths).at(time);
    assertThat(time).isGreaterThanOrEqualTo(bucket.start()).isLessThan(bucket.end());
  }

  @Property
  void every_time_within_a_bucket_belongs_to_it_and_to_no_other(
      @ForAll("widths") List<BucketWidth> widths,
      @ForAll @LongRange(max = MAX) long time,
      @ForAll @LongRange(max = 1_000_000) long offset) {
    Buckets buckets = new Buckets(widths);
    Bucket bucket = buckets.at(time);
    long other = bucket.start() + offset % (bucket.end() - bucket.start());
    assertThat(buckets.at(other)).isEqualTo(bucket);
    assertThat(buckets.at(bucket.end()).start()).isEqualTo(bucket.end());
  }

  @Property
  void buckets_of_a_range_are_returned_once_and_newest_first(
      @ForAll("widths") List<BucketWidth> widths,
      @ForAll @LongRange(max = MAX) long from,
      @ForAll @LongRange(max = MAX / 10) long length,
      @ForAll @LongRange(max = MAX) long any) {
    Buckets buckets = new Buckets(widths);
    long to = from + length;
    List<Bucket> readAll = buckets.newestFirst(from, to);
    if (length == 0) {
      assertThat(readAll).isEmpty();
      return;
    }
    assertThat(readAll.get(0)).isEqualTo(buckets.at(to - 1));
    assertThat(readAll.get(readAll.size() - 1)).isEqualTo(buckets.at(from));
    for (int i = 1; i < readAll.size(); i++) {
      assertThat(readAll.get(i).end()).isEqualTo(readAll.get(i - 1).start());
    }
    assertThat(readAll).containsOnlyOnce(buckets.at(from + any % length));
  }

  @Test
  void buckets_are_aligned_and_cut_where_the_next_width_begins() {
    long hour = Duration.ofHours(1).toMillis();
    Buckets buckets =
        new Buckets(
            List.of(
                new BucketWidth(0, Duration.ofHours(24)),
                new BucketWidth(30 * hour, Duration.ofHours(12))));
    assertThat(buckets.at(25 * hour)).isEqualTo(new Bucket(24 * hour, 30 * hour));
    assertThat(buckets.at(30 * hour)).isEqualTo(new Bucket(30 * hour, 36 * hour));
    assertThat(buckets.at(36 * hour)).isEqualTo(new Bucket(36 * hour, 48 * hour));
    assertThat(buckets.at(-1)).isEqualTo(new Bucket(-24 * hour, 0));
  }

  @Test
  void widths_must_be_ordered_and_begin_at_0() {
    BucketWidth newerMessages = new BucketWidth(5, Duration.ofHours(1));
    assertThatThrownBy(() -> new Buckets(List.of())).hasMessageContaining("valid from 0");
    assertThatThrownBy(() -> new Buckets(List.of(newerMessages)))
        .hasMessageContaining("valid from 0");
    assertThatThrownBy(
            () ->
                new Buckets(
                    List.of(new BucketWidth(0, Duration.ofHours(1)), newerMessages, newerMessages)))
        .hasMessageContaining("later");
  }

  @Provide
  Arbitrary<List<BucketWidth>> widths() {
    Arbitrary<Long> minutes = Arbitraries.longs().between(1, 600);
    Arbitrary<Long> steps = Arbitraries.longs().between(1, MAX / 3);
    return Combinators.combine(minutes.list().ofSize(4), steps.list().ofMaxSize(3))
        .as(
            (sizes, gaps) -> {
              List<BucketWidth> widths = new ArrayList<>();
              long from = 0;
              for (int i = 0; i <= gaps.size(); i++) {
                widths.add(new BucketWidth(from, Duration.ofMinutes(sizes.get(i))));
                from += i < gaps.size() ? gaps.get(i) : 0;
              }
              return widths;
            });
  }
}
