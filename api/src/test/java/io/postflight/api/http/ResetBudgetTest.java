package io.postflight.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ResetBudgetTest {
  private static final long START = Long.MAX_VALUE - 1;

  private final ResetBudget budget = new ResetBudget();

  @Test
  void a_network_may_reset_so_many_at_once_and_more_per_second() {
    assertThat(spent("a", 1_000, START)).isEqualTo(ResetBudget.AT_ONCE);
    assertThat(spent("b", 10, START)).as("another network").isEqualTo(10);

    long later = START + TimeUnit.SECONDS.toNanos(2);
    assertThat(spent("a", 1_000, later)).isEqualTo(2 * ResetBudget.PER_SECOND);
    assertThat(spent("b", 1_000, later)).isEqualTo(ResetBudget.AT_ONCE);
  }

  @Test
  void the_network_that_reset_the_longest_ago_is_forgotten_first() {
    spent("a", 1_000, START);
    spent("b", 1_000, START);
    spent("c", 1, START);
    for (int i = 0; i < ResetBudget.MAX_OWNERS - 2; i++) {
      spent(i, 1, START);
      spent("b", 1, START);
    }

    assertThat(spent("b", 1, START)).isZero();
    assertThat(spent("a", 1, START)).isEqualTo(1);
  }

  @Test
  void many_at_once_exhaust_a_budget_and_no_more() {
    assertThat(budget.spend("a", ResetBudget.AT_ONCE - 1, START)).isTrue();
    assertThat(budget.exhausted("a", START)).isFalse();
    assertThat(budget.spend("a", 100, START)).isFalse();
    assertThat(budget.exhausted("a", START)).isTrue();
    assertThat(budget.exhausted("a", START + TimeUnit.SECONDS.toNanos(1))).isFalse();

    budget.forget("a");
    assertThat(budget.exhausted("a", START)).isFalse();
  }

  private int spent(Object network, int attempts, long now) {
    int spent = 0;
    for (int i = 0; i < attempts; i++) {
      spent += budget.spend(network, 1, now) ? 1 : 0;
    }
    return spent;
  }
}
