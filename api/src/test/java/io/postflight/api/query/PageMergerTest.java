package io.postflight.api.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.store.Page;
import io.postflight.store.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Merged pages equal a sort of all rows. */
final class PageMergerTest {
  private static final PageMerger<Position> MERGE =
      new PageMerger<>(PageMerger.NEWEST_FIRST, position -> position, Position::toString);

  @Property
  void following_the_pages_returns_every_row_once_and_in_order(
      @ForAll @Size(max = 30) List<@IntRange(max = 8) Integer> first,
      @ForAll @Size(max = 30) List<@IntRange(max = 8) Integer> second,
      @ForAll @IntRange(min = 1, max = 7) int limit,
      @ForAll @IntRange(min = 1, max = 5) int timeout) {
    List<Position> a = positions(first, 0);
    List<Position> b = positions(second, 10);
    TreeSet<Position> all = new TreeSet<>(PageMerger.NEWEST_FIRST);
    all.addAll(a);
    all.addAll(b);

    List<Position> seen = new ArrayList<>();
    Position after = null;
    int pages = 0;
    do {
      Page<Position> page =
          MERGE.merge(List.of(part(a, after, limit, limit), part(b, after, limit, timeout)), limit);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      if (page.items().size() < limit && page.next() != null) {
        assertThat(page.partial()).isTrue();
      }
      seen.addAll(page.items());
      after = page.next();
      assertThat(++pages).isLessThan(100);
    } while (after != null);

    assertThat(seen).containsExactlyElementsOf(all);
  }

  /** A tier's page: full, or shorter if its budget is used up. */
  private static Page<Position> part(
      List<Position> rows, @Nullable Position after, int limit, int timeout) {
    List<Position> left =
        rows.stream()
            .filter(row -> after == null || PageMerger.NEWEST_FIRST.compare(row, after) > 0)
            .toList();
    int taken = Math.min(left.size(), Math.min(limit, timeout));
    List<Position> page = left.subList(0, taken);
    Position next = taken < left.size() ? page.get(taken - 1) : null;
    return new Page<>(page, next, next != null && taken < limit);
  }

  private static List<Position> positions(List<Integer> times, int salt) {
    return times.stream()
        .map(time -> new Position(time, "e" + (time * 7 + salt) % 4))
        .distinct()
        .sorted(Comparator.comparing(position -> position, PageMerger.NEWEST_FIRST))
        .toList();
  }
}
