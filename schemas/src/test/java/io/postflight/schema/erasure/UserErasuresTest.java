package io.postflight.schema.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.serde.TrustedRecords;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("All rows of a scope")
class UserErasuresTest {
  static {
    TrustedRecords.trust(); // Avro copies trusted records only
  }

  private static final String NUMBER = "491701234567";
  private static final ErasureScope ADA =
      new ErasureScope(List.of("DE.111", NUMBER), List.of(new Period(Long.MIN_VALUE, 50L)));
  private static final ErasureScope BOB =
      new ErasureScope(List.of("DE.222", NUMBER), List.of(new Period(50L, Long.MAX_VALUE)));

  private final UserErasures erasures = new UserErasures();

  @Test
  void areErasedByACommandOfThatScope() {
    erasures.add(command("e-1", 100, ADA));
    erasures.add(command("e-2", 90, ADA));

    assertThat(erasures.erasedAt("acme", NUMBER, ADA)).isEqualTo(100);
    assertThat(erasures.erasedAt("acme", NUMBER, BOB)).isNull();
    assertThat(erasures.erasedAt("acme", NUMBER, (ErasureScope) null)).isNull();
    assertThat(erasures.erasedAt("globex", NUMBER, ADA)).isNull();
  }

  @Test
  void areErasedByACommandWithoutAScope() {
    erasures.add(command("e-1", 100, null));
    erasures.add(command("e-2", 200, BOB));

    assertThat(erasures.erasedAt("acme", NUMBER, ADA)).isEqualTo(100);
    assertThat(erasures.erasedAt("acme", NUMBER, BOB)).isEqualTo(200);
    assertThat(erasures.erasedAt("acme", NUMBER, (ErasureScope) null)).isEqualTo(100);
  }

  @Test
  void areErasedByACommandOfMoreRows() {
    erasures.add(command("e-1", 100, ErasureScopes.union(ADA, BOB)));

    assertThat(erasures.erasedAt("acme", NUMBER, ADA)).isEqualTo(100);
  }

  @Test
  void areErasedAsLongAsOneOfTheCommandsThatExtendOneCommandIsHeld() {
    Erasure first = extending("e-1", 100, "e-2", ADA);
    Erasure second = extending("e-1", 100, "e-3", BOB);
    erasures.add(first);
    erasures.add(second);

    assertThat(erasures.erasedAt("acme", NUMBER, ErasureScopes.union(ADA, BOB))).isEqualTo(100);

    erasures.remove(second);
    assertThat(erasures.erasedAt("acme", NUMBER, ADA)).isEqualTo(100);

    erasures.remove(first);
    assertThat(erasures.anyOf("acme", NUMBER)).isFalse();
  }

  @Test
  void areErasedUntilTheLastCommandOfTheSameRowsIsRemoved() {
    Erasure early = command("e-1", 100, ADA);
    Erasure late = command("e-2", 200, null);
    erasures.add(early);
    erasures.add(late);

    erasures.remove(early);
    assertThat(erasures.erasedAt("acme", NUMBER, ADA)).isEqualTo(200);

    erasures.remove(late);
    assertThat(erasures.anyOf("acme", NUMBER)).isFalse();
  }

  private static Erasure extending(String root, long at, String id, ErasureScope scope) {
    return Erasure.newBuilder(command(id, at, scope)).setRoot(root).build();
  }

  private static Erasure command(String id, long at, @Nullable ErasureScope scope) {
    return Erasure.newBuilder()
        .setId(id)
        .setTenant("acme")
        .setUserId(NUMBER)
        .setAt(at)
        .setScope(scope)
        .build();
  }
}
