package io.postflight.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The largest holder, whatever changes before. */
final class UsageTest {
  private static final int STEPS = 20_000;
  private static final int GROUPS = 5;
  private static final int SIZES = 4;

  private final Usage root = Usage.root(Long.MAX_VALUE, "test");

  @Test
  void the_largest_is_the_oldest_of_those_that_hold_most_below_the_group_that_holds_most() {
    Random random = new Random(1);
    List<Usage> groups = new ArrayList<>();
    for (int i = 0; i < GROUPS; i++) {
      groups.add(root.child("group" + i, Long.MAX_VALUE, "test"));
      groups.get(i).leaf("always");
    }
    List<Usage> leaves = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      int choice = leaves.isEmpty() ? 0 : random.nextInt(5);
      if (choice == 0) {
        leaves.add(groups.get(random.nextInt(GROUPS)).leaf("leaf" + step));
      } else {
        Usage leaf = leaves.get(random.nextInt(leaves.size()));
        if (choice == 1) {
          leaf.detach();
          leaves.remove(leaf);
        } else if (choice == 2 && leaf.used() > 0) {
          leaf.add(-leaf.used());
        } else if (choice == 3) {
          leaf.evict();
        } else {
          leaf.add(random.nextInt(SIZES));
        }
      }

      assertThat(Optional.ofNullable(root.largest())).isEqualTo(largestOf(groups, leaves));
    }
  }

  /** Of a list in the order of creation; the first of several is the largest. */
  private static Optional<Usage> largestOf(List<Usage> groups, List<Usage> leaves) {
    return groups.stream()
        .filter(group -> group.evictable() > 0)
        .reduce((a, b) -> b.evictable() > a.evictable() ? b : a)
        .flatMap(
            group ->
                leaves.stream()
                    .filter(leaf -> leaf.parent() == group && leaf.evictable() > 0)
                    .reduce((a, b) -> b.evictable() > a.evictable() ? b : a));
  }
}
