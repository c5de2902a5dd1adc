package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedConcurrencyTest {
  private final List<CompletableFuture<Long>> begun = new ArrayList<>();

  @Test
  void concurrency_is_bounded_and_results_are_added_up() {
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
  void without_items_it_completes_immediately() {
    assertThat(over(0, 2)).isCompletedWithValue(0L);
  }

  @Test
  void after_a_failure_no_further_work_is_started() {
    CompletableFuture<Long> sum = over(5, 2);

    begun.get(0).completeExceptionally(new IllegalStateException("unavailable"));
    begun.get(1).complete(1L);

    assertThat(sum).isCompletedExceptionally();
    assertThat(begun).hasSize(2);
  }

  @Test
  void work_that_throws_fails_the_result() {
    assertThat(
            BoundedConcurrency.over(
                List.of(1),
                1,
                item -> {
                  throw new IllegalStateException("unavailable");
                }))
        .isCompletedExceptionally();
  }

  @Test
  void work_that_completes_immediately_does_not_cause_recursion() {
    List<Integer> many = IntStream.range(0, 200_000).boxed().toList();

    assertThat(BoundedConcurrency.over(many, 4, item -> CompletableFuture.completedFuture(1L)))
        .isCompletedWithValue(200_000L);
  }

  private CompletableFuture<Long> over(int items, int max) {
    return BoundedConcurrency.over(
            IntStream.range(0, items).boxed().toList(),
            max,
            item -> {
              CompletableFuture<Long> one = new CompletableFuture<>();
              begun.add(one);
              return one;
            })
        .toCompletableFuture();
  }
}
