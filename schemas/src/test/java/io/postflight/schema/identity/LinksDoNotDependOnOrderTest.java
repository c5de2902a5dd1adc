package io.postflight.schema.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("Links between ids")
class LinksDoNotDependOnOrderTest {
  private static final List<String> IDS =
      List.of("DE.1", "DE.2", "7@lid", "8@lid", "u-1", "4911111111", "4922222222", "a@b.de");

  @Property
  void areTheSameInAnyOrderAndWithDuplicates(
      @ForAll("histories") List<IdentityRecord> history, @ForAll long seed) {
    requireOneResult(history, seed);
  }

  @Property
  void ofFrequentUseAndManyChangesAreTheSameInAnyOrder(
      @ForAll("uses") List<IdentityRecord> history, @ForAll long seed) {
    requireOneResult(history, seed);
  }

  private static void requireOneResult(List<IdentityRecord> history, long seed) {
    List<IdentityRecord> shuffled = new ArrayList<>(history);
    shuffled.addAll(history.subList(0, history.size() / 2));
    Collections.shuffle(shuffled, new Random(seed));
    People some = new People();
    People others = new People();
    history.forEach(some::learn);
    shuffled.forEach(others::learn);
    assertThat(others.links()).isEqualTo(some.links());
    assertThat(some.links().values()).allSatisfy(all -> assertThat(all.size()).isLessThan(100));
  }

  @Property
  void neverGiveOneRowToTwoPersonsOfOneKind(@ForAll("passing") List<IdentityRecord> history) {
    People people = new People();
    history.forEach(people::learn);
    for (long time = 0; time < 40; time++) {
      boolean first = people.has("DE.1", 1_000, "4911111111", null, time);
      boolean second = people.has("DE.2", 1_000, "4911111111", null, time);
      assertThat(first && second).as("at " + time).isFalse();
    }
    assertThat(people.group("DE.1", 1_000).aliases()).doesNotContain("DE.2");
  }

  @Property
  void coverEachIdThatAnEventNamesWithAPerson(@ForAll("histories") List<IdentityRecord> history) {
    People people = new People();
    history.forEach(people::learn);
    for (IdentityRecord named : history) {
      for (String person : named.getIds()) {
        if (!AliasKind.of(person).isLease()) {
          AliasGroup group = people.group(person, 1_000);
          assertThat(group.aliases()).containsAll(named.getIds());
        }
      }
    }
  }

  @Provide
  Arbitrary<List<IdentityRecord>> histories() {
    Arbitrary<List<String>> ids =
        Arbitraries.of(IDS).set().ofMinSize(2).ofMaxSize(3).map(List::copyOf);
    return Combinators.combine(
            ids, Arbitraries.longs().between(1, 40), Arbitraries.integers().between(0, 3))
        .as(
            (all, at, former) ->
                new IdentityRecord(
                    "acme",
                    at,
                    at,
                    all,
                    former == 0 && all.stream().allMatch(id -> AliasKind.of(id).isLease())
                        ? List.of(all.get(0))
                        : List.of(),
                    null))
        .list()
        .ofMaxSize(10);
  }

  /** Over half a year, in some weeks often; and changes between two numbers. */
  @Provide
  Arbitrary<List<IdentityRecord>> uses() {
    return Combinators.combine(
            Arbitraries.of("DE.1", "DE.2", "4922222222"),
            Arbitraries.integers().between(0, 26),
            Arbitraries.integers().between(0, 40))
        .as(
            (other, week, halfMinutes) -> {
              long at = week * 604_800_000L + halfMinutes * 30_000L;
              return new IdentityRecord(
                  "acme",
                  at,
                  at,
                  List.of("4911111111", other),
                  other.equals("4922222222") ? List.of("4911111111") : List.of(),
                  null);
            })
        .list()
        .ofMinSize(20)
        .ofMaxSize(120);
  }

  @Provide
  Arbitrary<List<IdentityRecord>> passing() {
    return Combinators.combine(Arbitraries.of("DE.1", "DE.2"), Arbitraries.longs().between(1, 40))
        .as(
            (person, at) ->
                new IdentityRecord("acme", at, at, List.of(person, "4911111111"), List.of(), null))
        .list()
        .ofMaxSize(8);
  }
}
