package io.postflight.schema.identity;

import static io.postflight.schema.identity.People.ADA;
import static io.postflight.schema.identity.People.BOB;
import static io.postflight.schema.identity.People.HIDDEN;
import static io.postflight.schema.identity.People.MAIL;
import static io.postflight.schema.identity.People.NUMBER;
import static io.postflight.schema.identity.People.OTHER_NUMBER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The ids of a person")
class GroupSearchTest {
  private static final long MINUTE = 60_000;
  private static final long NOW = 1_000;

  private final People people = new People();

  @Test
  void ofAnIdWithoutLinksAreThatIdAlone() {
    assertThat(people.group(NUMBER, NOW)).isEqualTo(AliasGroup.of(NUMBER));
    assertThat(people.group(ADA, NOW)).isEqualTo(AliasGroup.of(ADA));
  }

  @Test
  void areAllThatOneEventNamesWhicheverIsAskedFor() {
    people.named(10, ADA, NUMBER, HIDDEN, MAIL, "customer-1");
    for (String each : people.links().keySet()) {
      assertThat(people.group(each, NOW).aliases())
          .containsExactlyInAnyOrder(ADA, NUMBER, HIDDEN, MAIL, "customer-1");
    }
  }

  @Test
  void arePersonsToAnyDepthAndTheirNumbers() {
    people.named(10, ADA, "DE.ENT.9").named(20, "DE.ENT.9", HIDDEN).named(30, HIDDEN, NUMBER);
    assertThat(people.group(ADA, NOW).aliases())
        .containsExactlyInAnyOrder(ADA, "DE.ENT.9", HIDDEN, NUMBER);
  }

  @Test
  void doNotIncludeThoseOfAnotherPersonWhoHadTheNumber() {
    people.named(10, ADA, NUMBER).named(50, BOB, NUMBER);
    assertThat(people.group(ADA, NOW).aliases()).containsExactly(ADA, NUMBER);
    assertThat(people.group(BOB, NOW).aliases()).containsExactly(BOB, NUMBER);
    assertThat(people.group(NUMBER, NOW).aliases()).containsExactly(NUMBER, BOB);
    assertThat(people.group(NUMBER, 20).aliases()).containsExactly(NUMBER, ADA);
  }

  @Test
  void haveANumberFromTheFirstEventThatNamesBothUntilAnotherPersonHasIt() {
    people.named(10, ADA, NUMBER).named(50, BOB, NUMBER);
    assertThat(people.has(ADA, NOW, NUMBER, null, 49)).isTrue();
    assertThat(people.has(ADA, NOW, NUMBER, null, 5)).as("before it was first named").isTrue();
    assertThat(people.has(ADA, NOW, NUMBER, null, 50)).isFalse();
    assertThat(people.has(BOB, NOW, NUMBER, null, 50)).isTrue();
    assertThat(people.has(BOB, NOW, NUMBER, null, 49)).isFalse();
  }

  @Test
  void haveTheRowsThatNameThemAlsoInThePeriodOfAnother() {
    people.named(10, ADA, NUMBER).named(50, BOB, NUMBER);
    assertThat(people.has(ADA, NOW, NUMBER, ADA, 90)).isTrue();
    assertThat(people.has(BOB, NOW, NUMBER, ADA, 90)).isFalse();
  }

  @Test
  void followAChangeOfNumbersInBothDirections() {
    people.moved(50, NUMBER, OTHER_NUMBER).moved(80, OTHER_NUMBER, "491708888888");
    for (String each : people.links().keySet()) {
      assertThat(people.group(each, NOW).aliases())
          .as(each)
          .containsExactlyInAnyOrder(NUMBER, OTHER_NUMBER, "491708888888");
    }
    assertThat(people.has(OTHER_NUMBER, NOW, OTHER_NUMBER, null, 49)).isFalse();
    assertThat(people.has("491708888888", NOW, OTHER_NUMBER, null, 79)).isTrue();
    assertThat(people.has("491708888888", NOW, OTHER_NUMBER, null, 80)).isTrue();
    assertThat(people.has("491708888888", NOW, OTHER_NUMBER, null, 81)).isFalse();
  }

  @Test
  void doNotFollowANumberThatSomebodyElseUsesSinceItWasLeft() {
    people.moved(50, NUMBER, OTHER_NUMBER);
    assertThat(people.group(NUMBER, NOW, 60L).aliases()).containsExactly(NUMBER);
    assertThat(people.group(NUMBER, NOW, 60L).members().get(0).has(null, 49)).isFalse();
    assertThat(people.has(OTHER_NUMBER, NOW, NUMBER, null, 60)).isFalse();
    assertThat(people.has(OTHER_NUMBER, NOW, NUMBER, null, 49)).isTrue();
    people.named(70, BOB, NUMBER);
    assertThat(people.group(NUMBER, NOW).aliases()).containsExactly(NUMBER, BOB);
    assertThat(people.group(BOB, NOW).aliases()).containsExactly(BOB, NUMBER);
    assertThat(people.has(BOB, NOW, NUMBER, null, 55)).as("since it was left").isTrue();
    assertThat(people.group(OTHER_NUMBER, NOW).aliases()).containsExactly(OTHER_NUMBER, NUMBER);
  }

  @Test
  void dependOnTheUseOfANumberOnceItWasLeftAndNobodyIsNamedWithIt() {
    people.named(10, ADA, NUMBER);
    assertThat(leftAt(NUMBER, NOW)).isNull();
    people.moved(50, NUMBER, OTHER_NUMBER);
    assertThat(leftAt(NUMBER, NOW)).isEqualTo(51);
    assertThat(leftAt(NUMBER, 50)).as("before").isNull();
    assertThat(leftAt(OTHER_NUMBER, NOW)).as("the new one").isNull();
    assertThat(leftAt(ADA, NOW)).as("a person").isNull();
    people.named(70, BOB, NUMBER);
    assertThat(leftAt(NUMBER, NOW)).isNull();
  }

  private @Nullable Long leftAt(String id, long at) {
    return GroupSearch.leftAt(id, at, people.links().getOrDefault(id, List.of()));
  }

  @Test
  void includeThoseBeforeAndAfterAChangeOfNumbers() {
    people.named(10, ADA, NUMBER).moved(50, NUMBER, OTHER_NUMBER).named(60, OTHER_NUMBER, HIDDEN);
    assertThat(people.group(ADA, NOW).aliases())
        .containsExactlyInAnyOrder(ADA, NUMBER, OTHER_NUMBER, HIDDEN);
    assertThat(people.group(HIDDEN, NOW).aliases())
        .containsExactlyInAnyOrder(ADA, NUMBER, OTHER_NUMBER, HIDDEN);
  }

  @Test
  void doNotIncludeTheNextPersonWhoHasTheNewNumber() {
    people.named(10, ADA, NUMBER).moved(50, NUMBER, OTHER_NUMBER).named(900, OTHER_NUMBER, BOB);
    assertThat(people.group(ADA, NOW).aliases())
        .containsExactlyInAnyOrder(ADA, NUMBER, OTHER_NUMBER);
    assertThat(people.group(BOB, NOW).aliases()).containsExactly(BOB, OTHER_NUMBER);
    assertThat(people.has(ADA, NOW, OTHER_NUMBER, null, 60)).isTrue();
    assertThat(people.has(BOB, NOW, OTHER_NUMBER, null, 60)).isFalse();
    assertThat(people.has(BOB, NOW, OTHER_NUMBER, null, 900)).isTrue();
  }

  @Test
  void includeASecondIdOfOneKindOnlyIfAnEventNamesBoth() {
    people
        .named(10, ADA, NUMBER)
        .moved(50, NUMBER, OTHER_NUMBER)
        .named(60, OTHER_NUMBER, "DE.9")
        .named(55, ADA, "DE.9");
    for (String each : people.links().keySet()) {
      assertThat(people.group(each, NOW).aliases())
          .as(each)
          .containsExactlyInAnyOrder(ADA, NUMBER, OTHER_NUMBER, "DE.9");
    }
  }

  @Test
  void haveANumberAgainThatReturnsAndStaysTheirs() {
    people
        .named(10 * MINUTE, ADA, NUMBER)
        .named(50 * MINUTE, BOB, NUMBER)
        .named(100 * MINUTE, ADA, NUMBER);
    for (long later = 200; later < 230; later += 10) {
      assertThat(people.group(NUMBER, later * MINUTE).aliases()).containsExactly(NUMBER, ADA);
      assertThat(people.has(ADA, NOW, NUMBER, null, 120 * MINUTE)).isTrue();
      assertThat(people.has(BOB, NOW, NUMBER, null, 120 * MINUTE)).isFalse();
      assertThat(people.has(BOB, NOW, NUMBER, null, 60 * MINUTE)).isTrue();
      people.named(later * MINUTE, ADA, NUMBER);
    }
  }

  @Test
  void ownNothingWhereALateEventNamesAnotherAmongUsesThatAreNotKeptApart() {
    for (long minute = 0; minute < 40; minute++) {
      people.named(minute * MINUTE, ADA, NUMBER);
    }
    people.named(5 * MINUTE, BOB, NUMBER);
    assertThat(people.has(ADA, NOW, NUMBER, null, 3 * MINUTE)).isTrue();
    assertThat(people.has(ADA, NOW, NUMBER, null, 10 * MINUTE)).as("perhaps Bob's").isFalse();
    assertThat(people.has(BOB, NOW, NUMBER, null, 10 * MINUTE)).as("perhaps Ada's").isFalse();
    assertThat(people.has(BOB, NOW, NUMBER, BOB, 10 * MINUTE)).isTrue();
    assertThat(people.has(ADA, NOW, NUMBER, null, 38 * MINUTE)).isTrue();
  }

  @Test
  void areNotThoseOfAFormerHolderWhoIsKnownByAnIdOfAnotherKind() {
    people.named(10, NUMBER, ADA, HIDDEN).named(20, ADA, MAIL).named(500, NUMBER, BOB);
    assertThat(people.group(NUMBER, NOW).aliases()).containsExactly(NUMBER, BOB);
    people.named(600, BOB, "customer-2").named(610, NUMBER, "customer-2");
    assertThat(people.group(NUMBER, NOW).aliases())
        .containsExactlyInAnyOrder(NUMBER, BOB, "customer-2");
  }

  @Test
  void doNotTakeAnotherPersonsRowsOfANumberWhoseLinksAreNotStoredYet() {
    people.named(10, NUMBER, BOB).named(50, NUMBER, ADA);
    people.links().remove(NUMBER);
    assertThat(people.has(ADA, NOW, NUMBER, ADA, 60)).isTrue();
    assertThat(people.has(ADA, NOW, NUMBER, BOB, 20)).isFalse();
    assertThat(people.has(ADA, NOW, NUMBER, null, 20)).isFalse();
  }

  @Test
  void keepTheEventThatReportsAChangeOfNumbers() {
    people.moved(50, NUMBER, OTHER_NUMBER);
    assertThat(people.has(OTHER_NUMBER, NOW, NUMBER, OTHER_NUMBER, 50)).isTrue();
    assertThat(people.has(OTHER_NUMBER, NOW, OTHER_NUMBER, NUMBER, 50)).isTrue();
    assertThat(people.group(NUMBER, NOW, 900L).aliases()).containsExactly(NUMBER);
    people.named(900, NUMBER, BOB);
    assertThat(people.has(BOB, NOW, NUMBER, OTHER_NUMBER, 50)).isFalse();
    assertThat(people.has(BOB, NOW, NUMBER, null, 900)).isTrue();
  }

  @Test
  void ofAFamilyAddressAreNotMerged() {
    people.named(10, NUMBER, MAIL).named(20, OTHER_NUMBER, MAIL);
    assertThat(people.group(NUMBER, NOW).aliases()).containsExactly(NUMBER, MAIL);
    assertThat(people.group(OTHER_NUMBER, NOW).aliases()).containsExactly(OTHER_NUMBER, MAIL);
    assertThat(people.group(MAIL, NOW).aliases()).containsExactly(MAIL, OTHER_NUMBER);
    assertThat(people.has(NUMBER, NOW, MAIL, OTHER_NUMBER, 25)).isFalse();
  }

  @Test
  void ofANumberThatPassedOnWithoutAPersonAreThoseNamedLast() {
    people.named(10, NUMBER, MAIL).named(50, NUMBER, "bob@example.com");
    assertThat(people.group(NUMBER, NOW).aliases()).containsExactly(NUMBER, "bob@example.com");
  }

  @Test
  void haveRowsThatNameAnAddressAsWell() {
    people.named(10, NUMBER, MAIL).named(20, NUMBER, ADA);
    assertThat(people.group(NUMBER, NOW).aliases()).containsExactlyInAnyOrder(NUMBER, ADA, MAIL);
    assertThat(people.has(NUMBER, NOW, NUMBER, MAIL, 10)).isTrue();
    assertThat(people.has(ADA, NOW, NUMBER, MAIL, 10)).isTrue();
  }

  @Test
  void areAtMost32() {
    for (int i = 0; i < 60; i++) {
      people.named(i, ADA, "customer-" + i);
    }
    AliasGroup group = people.group("customer-59", NOW);
    assertThat(group.members()).hasSize(AliasGroup.MAX_MEMBERS);
    assertThat(group.truncated()).isTrue();
    assertThat(group.aliases().get(0)).isEqualTo("customer-59");
  }
}
