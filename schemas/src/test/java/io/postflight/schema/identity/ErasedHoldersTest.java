package io.postflight.schema.identity;

import static io.postflight.schema.identity.People.ADA;
import static io.postflight.schema.identity.People.BOB;
import static io.postflight.schema.identity.People.NUMBER;
import static io.postflight.schema.identity.People.OTHER_NUMBER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Readers see the links that may be shown; the topology knows all. Both give the same periods. */
@DisplayName("Of a number that an erased person had")
class ErasedHoldersTest {
  private static final long NOW = 1_000;

  private final People people = new People();

  @Test
  void theRowsOfThatTimeAreNotTheNextOnes() {
    people.named(10, ADA, NUMBER);
    erase(ADA, 20);
    people.named(60, BOB, NUMBER);

    for (People each : List.of(people, people.shown())) {
      assertThat(each.has(BOB, NOW, NUMBER, null, 40)).isFalse();
      assertThat(each.has(BOB, NOW, NUMBER, null, 70)).isTrue();
    }
  }

  @Test
  void theRowsDoNotReturnToTheOneBefore() {
    people.named(10, ADA, NUMBER).named(50, BOB, NUMBER);
    erase(BOB, 60);

    assertThat(people.group(NUMBER, NOW).aliases()).containsExactly(NUMBER, BOB);
    assertThat(people.shown().group(NUMBER, NOW).aliases()).containsExactly(NUMBER);
    for (People each : List.of(people, people.shown())) {
      assertThat(each.has(ADA, NOW, NUMBER, null, 30)).isTrue();
      assertThat(each.has(ADA, NOW, NUMBER, null, 70)).isFalse();
      assertThat(each.has(NUMBER, NOW, NUMBER, null, 30)).isFalse();
      assertThat(each.has(NUMBER, NOW, NUMBER, null, 70)).isTrue();
    }
  }

  @Test
  void thatErasedPersonHasNothingAgainButWhatFollowsTheErasure() {
    people.named(10, ADA, NUMBER).named(50, BOB, NUMBER);
    erase(ADA, 60);
    people.named(80, ADA, NUMBER);

    People shown = people.shown();
    assertThat(shown.group(NUMBER, NOW).aliases()).containsExactly(NUMBER, ADA);
    assertThat(shown.has(ADA, NOW, NUMBER, null, 30)).isFalse();
    assertThat(shown.has(BOB, NOW, NUMBER, null, 30)).isFalse();
    assertThat(shown.has(ADA, NOW, NUMBER, null, 90)).isTrue();
  }

  @Test
  void nothingOfTheirIdsIsLeftInTheLinksThatAreShown() {
    people.named(10, ADA, NUMBER, "customer-1").moved(20, NUMBER, OTHER_NUMBER, ADA);
    people.named(50, BOB, NUMBER);
    erase(ADA, 60);

    Map<String, List<AliasLink>> shown = people.shown().links();
    assertThat(shown.get(NUMBER))
        .extracting(AliasLink::getAlias)
        .contains(BOB)
        .doesNotContain(ADA, OTHER_NUMBER, "customer-1");
    assertThat(shown.get(ADA)).isEmpty();
    assertThat(shown.get(OTHER_NUMBER)).isEmpty();
    assertThat(people.shown().shown().links()).isEqualTo(shown);
  }

  private void erase(String person, long at) {
    Map<String, List<AliasLink>> links = people.links();
    AliasGroup group = people.group(person, at);
    Set<String> all = new HashSet<>(group.aliases());
    for (String alias : group.aliases()) {
      links.put(alias, LinkUpdates.erased(links.getOrDefault(alias, List.of()), at, all::contains));
    }
  }
}
