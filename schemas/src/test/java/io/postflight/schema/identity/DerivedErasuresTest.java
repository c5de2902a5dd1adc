package io.postflight.schema.identity;

import static io.postflight.schema.identity.People.ADA;
import static io.postflight.schema.identity.People.BOB;
import static io.postflight.schema.identity.People.NUMBER;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureIds;
import io.postflight.schema.erasure.ErasureScope;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The erasure of a user is extended")
class DerivedErasuresTest {
  private static final long AT = 1_000;

  private static final long MINUTE = 60_000;

  private final People people = new People();

  @Test
  void toNothingIfTheIdHasNoLinks() {
    assertThat(extensions(root(ADA, null))).isEmpty();
    assertThat(extensions(root(NUMBER, null))).isEmpty();
  }

  @Test
  void toEachOtherIdWithTheRowsThatAreThePersons() {
    people.named(10, ADA, NUMBER, "customer-1").named(50, BOB, NUMBER);
    Erasure root = root(ADA, null);

    List<Erasure> derived = extensions(root);

    assertThat(derived).extracting(Erasure::getUserId).containsExactly(NUMBER, "customer-1");
    assertThat(derived)
        .allSatisfy(
            each -> {
              assertThat(each.getRoot()).isEqualTo(root.getId());
              assertThat(each.getTenant()).isEqualTo("acme");
              assertThat(each.getAt()).isEqualTo(AT);
              assertThat(each.getRequestedBy()).isEqualTo("key-1");
              assertThat(ErasureIds.timeOf(each.getId())).hasValue(AT);
            });
    assertThat(derived.get(0).getScope())
        .isEqualTo(DerivedErasures.scope(people.group(ADA, AT).members().get(1), AT));
    assertThat(derived.get(1).getScope()).isNull();
  }

  @Test
  void equallyWhateverBecomesKnownOfLaterTimes() {
    people.named(10, ADA, NUMBER).named(20 * MINUTE, BOB, NUMBER).named(40 * MINUTE, ADA, NUMBER);
    Erasure root = Erasure.newBuilder(root(ADA, null)).setAt(60 * MINUTE).build();
    List<Erasure> before = DerivedErasures.of(root, people.group(ADA, root.getAt()));

    people.named(70 * MINUTE, ADA, NUMBER).named(80 * MINUTE, BOB, NUMBER);
    people.moved(90 * MINUTE, NUMBER, "491708888888");

    assertThat(DerivedErasures.of(root, people.group(ADA, root.getAt()))).containsAll(before);
  }

  @Test
  void equallyWhoeverDoesIt() {
    people.named(10, ADA, NUMBER);
    assertThat(extensions(root(ADA, null))).isEqualTo(extensions(root(ADA, null)));
  }

  @Test
  void toItsOwnIdIfOtherRowsAreThePersonsThanItCovers() {
    people.named(10, ADA, NUMBER);
    ErasureScope known = DerivedErasures.scope(people.group(NUMBER, AT).members().get(0), AT);

    assertThat(extensions(root(NUMBER, known))).extracting(Erasure::getUserId).containsExactly(ADA);
    assertThat(extensions(root(NUMBER, null))).extracting(Erasure::getUserId).containsExactly(ADA);

    people.named(50, BOB, NUMBER);
    ErasureScope now = DerivedErasures.scope(people.group(NUMBER, AT).members().get(0), AT);
    assertThat(extensions(root(NUMBER, known)))
        .extracting(Erasure::getUserId)
        .containsExactly(NUMBER, BOB);
    assertThat(extensions(root(NUMBER, known)).get(0).getScope()).isEqualTo(now);
    assertThat(extensions(root(NUMBER, now))).extracting(Erasure::getUserId).containsExactly(BOB);
  }

  private List<Erasure> extensions(Erasure root) {
    return DerivedErasures.of(root, people.group(root.getUserId(), AT));
  }

  private static Erasure root(String user, @Nullable ErasureScope scope) {
    return Erasure.newBuilder()
        .setId(ErasureIds.next(AT, new Random(1)))
        .setTenant("acme")
        .setUserId(user)
        .setAt(AT)
        .setRequestedBy("key-1")
        .setScope(scope)
        .build();
  }
}
