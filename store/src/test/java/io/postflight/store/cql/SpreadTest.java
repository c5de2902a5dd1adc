package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  private final List<CompletableFuture<Long>> begun = new ArrayList<>();

  @Test
  void no_more_than_allowed_are_under_way_and_all_are_added_up() {
    CompletableFuture<Long> sum = over(5, 2);
    assertThat(begun).hasSize(2);

    begun.get(1).complete(10L);
    assertThat(begun).hasSize(3);
    begun.get(0).complete(1L);
    begun.get(2).complete(100L);
    begun.get(3).complete(1_000L);
    assertThat(sum).isNotDone();
    begun.get(4).complete(10_000L);

    assertThat(sum).isCompletedWithValue(11_111L);
  }

  @Test
  void nothing_to_do_is_done() {
    assertThat(over(0, 2)).isCompletedWithValue(0L);
  }

  @Test
  void after_a_failure_nothing_more_is_begun() {
    CompletableFuture<Long> sum = over(5, 2);

    begun.get(0).completeExceptionally(new IllegalStateException("away"));
    begun.get(1).complete(1L);

    assertThat(sum).isCompletedExceptionally();
    assertThat(begun).hasSize(2);
  }

  @Test
  void work_that_throws_fails_the_whole() {
    assertThat(
            Spread.over(
                List.of(1),
                1,
                item -> {
                  throw new IllegalStateException("away");
                }))
        .isCompletedExceptionally();
  }

  @Test
  void work_that_is_done_at_once_needs_no_stack() {
    List<Integer> many = IntStream.range(0, 200_000).boxed().toList();

    assertThat(Spread.over(many, 4, item -> CompletableFuture.completedFuture(1L)))
        .isCompletedWithValue(200_000L);
  }

  private CompletableFuture<Long> over(int items, int most) {
    return Spread.over(
            IntStream.range(0, items).boxed().toList(),
            most,
            item -> {
              CompletableFuture<Long> one = new CompletableFuture<>();
              begun.add(one);
              return one;
            })
        .toCompletableFuture();
  }
}
