package io.postflight.schema.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Of two scopes")
class ErasureScopesTest {
  private static final List<String> IDS =
      List.of("DE.111", "DE.222", "customer-1", "491701234567", "ada@example.com");
  private static final int TIMES = 8;

  @Test
  void the_union_covers_what_one_of_them_does() {
    Random random = new Random(1);
    for (int n = 0; n < 2_000; n++) {
      ErasureScope some = scope(random);
      ErasureScope more = scope(random);

      ErasureScope union = ErasureScopes.union(some, more);

      for (int time = 0; time < TIMES; time++) {
        for (String alias : namedIds()) {
          assertThat(ErasureScopes.covers(union, alias, time))
              .as("%s at %d in %s of %s and %s", alias, time, union, some, more)
              .isEqualTo(
                  ErasureScopes.covers(some, alias, time)
                      || ErasureScopes.covers(more, alias, time));
          assertThat(ErasureScopes.coversNaming(union, alias))
              .isEqualTo(
                  ErasureScopes.coversNaming(some, alias)
                      || ErasureScopes.coversNaming(more, alias));
        }
      }
      assertThat(ErasureScopes.includes(union, some)).isTrue();
      assertThat(ErasureScopes.includes(union, more)).isTrue();
      assertThat(union).isEqualTo(ErasureScopes.union(more, some));
    }
  }

  @Test
  void one_that_includes_the_other_covers_all_that_it_covers() {
    Random random = new Random(2);
    int included = 0;
    for (int n = 0; n < 5_000; n++) {
      ErasureScope some = scope(random);
      ErasureScope more = scope(random);
      if (!ErasureScopes.includes(some, more)) {
        continue;
      }
      included++;
      for (int time = 0; time < TIMES; time++) {
        for (String alias : namedIds()) {
          assertThat(
                  !ErasureScopes.covers(more, alias, time)
                      || ErasureScopes.covers(some, alias, time))
              .as("%s at %d of %s and %s", alias, time, some, more)
              .isTrue();
        }
      }
    }
    assertThat(included).isGreaterThan(100);
  }

  @Test
  void periods_that_follow_each_other_include_one_across_both() {
    ErasureScope two =
        new ErasureScope(List.of(), List.of(new Period(Long.MIN_VALUE, 5L), new Period(5L, 9L)));

    assertThat(ErasureScopes.includes(two, within(3, 8))).isTrue();
    assertThat(ErasureScopes.includes(two, within(3, 10))).isFalse();
    assertThat(ErasureScopes.union(two, two).getPeriods())
        .containsExactly(new Period(Long.MIN_VALUE, 9L));
  }

  @Test
  void none_is_all_rows() {
    assertThat(ErasureScopes.union(null, within(1, 2))).isNull();
    assertThat(ErasureScopes.includes((ErasureScope) null, within(1, 2))).isTrue();
    assertThat(ErasureScopes.includes(within(1, 2), null)).isFalse();
  }

  private static List<@Nullable String> namedIds() {
    List<@Nullable String> named = new ArrayList<>(IDS);
    named.add(null);
    return named;
  }

  private static ErasureScope within(long from, long until) {
    return new ErasureScope(List.of(), List.of(new Period(from, until)));
  }

  private static @Nullable ErasureScope scope(Random random) {
    if (random.nextInt(20) == 0) {
      return null;
    }
    TreeSet<String> aliases = new TreeSet<>();
    for (String id : IDS) {
      if (random.nextInt(3) == 0) {
        aliases.add(id);
      }
    }
    List<Period> periods = new ArrayList<>();
    for (long from = random.nextInt(4); from < TIMES; from += random.nextInt(4)) {
      long until = from + 1 + random.nextInt(3);
      periods.add(new Period(from, until));
      from = until;
    }
    periods.sort(Comparator.comparingLong(Period::getFrom));
    return new ErasureScope(List.copyOf(aliases), periods);
  }
}
