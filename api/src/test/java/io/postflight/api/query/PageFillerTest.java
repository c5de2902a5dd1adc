package io.postflight.api.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.api.http.Problem;
import io.postflight.store.Page;
import io.postflight.store.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages with hidden rows equal the list of visible rows. */
final class PageFillerTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Property
  void pages_are_full_and_return_every_visible_row_once_in_order(
      @ForAll @IntRange(max = 600) int rows,
      @ForAll Set<@IntRange(max = 600) Integer> hidden,
      @ForAll @IntRange(min = 1, max = 250) int limit) {
    List<Integer> found = new ArrayList<>();
    Position after = null;
    do {
      Page<Integer> page = page(rows, hidden, after, limit, LONG);
      assertThat(page.partial()).isFalse();
      if (page.next() != null) {
        assertThat(page.items()).hasSize(limit);
      }
      found.addAll(page.items());
      after = page.next();
    } while (after != null);

    assertThat(found)
        .isEqualTo(IntStream.range(0, rows).boxed().filter(i -> !hidden.contains(i)).toList());
  }

  @Test
  void a_page_that_exceeds_its_budget_is_partial_and_has_a_cursor() {
    Set<Integer> hidden = Set.copyOf(IntStream.range(0, 500).boxed().toList());

    Page<Integer> page = page(600, hidden, null, 10, Duration.ZERO);

    assertThat(page.items()).isEmpty();
    assertThat(page.partial()).isTrue();
    assertThat(page.next()).isEqualTo(at(9));
  }

  @Test
  void a_page_ends_when_a_tier_becomes_unavailable() {
    CompletableFuture<Page<Integer>> page =
        page(
            new Page<>(List.of(7), at(7), false),
            CompletableFuture.failedFuture(Problem.unavailable("tier '30d' is unavailable")));

    assertThat(page).isCompletedWithValue(new Page<>(List.of(7), at(7), true));
  }

  @Test
  void a_page_of_which_a_further_read_is_rejected_fails() {
    CompletableFuture<Page<Integer>> page =
        page(
            new Page<>(List.of(7), at(7), false),
            CompletableFuture.failedFuture(new IllegalStateException("rejected")));

    assertThat(page).isCompletedExceptionally();
  }

  @Test
  void a_read_that_ends_early_without_visible_rows_is_continued() {
    CompletableFuture<Page<Integer>> page =
        page(
            new Page<>(List.of(), at(6), true),
            CompletableFuture.completedFuture(new Page<>(List.of(7), null, false)));

    assertThat(page).isCompletedWithValue(new Page<>(List.of(7), null, false));
  }

  private static CompletableFuture<Page<Integer>> page(
      Page<Integer> first, CompletableFuture<Page<Integer>> further) {
    return PageFiller.fill(
        PageFillerTest::at,
        String::valueOf,
        10,
        LONG,
        (after, most, left) -> after == null ? CompletableFuture.completedFuture(first) : further);
  }

  private static Page<Integer> page(
      int rows, Set<Integer> hidden, @Nullable Position from, int limit, Duration budget) {
    return PageFiller.fill(
            PageFillerTest::at,
            String::valueOf,
            limit,
            budget,
            (after, most, left) -> {
              Position begin = after == null ? from : after;
              int first = begin == null ? 0 : (int) begin.time() + 1;
              int end = Math.min(rows, first + most);
              List<Integer> visible =
                  IntStream.range(first, end).boxed().filter(i -> !hidden.contains(i)).toList();
              return CompletableFuture.completedFuture(
                  new Page<>(visible, end < rows ? at(end - 1) : null, false));
            })
        .join();
  }

  private static Position at(int row) {
    return new Position(row, "");
  }
}
