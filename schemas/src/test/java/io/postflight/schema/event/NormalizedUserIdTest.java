package io.postflight.schema.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
final class NormalizedUserIdTest {
  private static final List<String> SEPARATORS =
      List.of(" ", "\u00a0", "\u202f", "-", "\u2011", "\u2013", "(", ")", ".", "/", ") ", " - ");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "15551112222",
        "+15551112222",
        " 15551112222",
        "+1 (555) 111-2222",
        "+1.555.111.2222",
        "1 555 111 2222",
        "(1) 555-111-2222",
        "+1\u00a0555\u2011111\u20112222 "
      })
  void a_phone_number_is_its_digits(String written) {
    assertThat(NormalizedUserId.of(written)).isEqualTo("15551112222");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "alice",
        " alice ",
        "+123456",
        "123 456",
        "+1234567890123456",
        "++15551112222",
        "1+5551112222",
        "15551112222+",
        "12-34567",
        "10.20.30.40",
        "2026/11/22",
        "+1555111222x",
        "whatsapp:+15551112222",
        "15551112222@lid",
        "+\u0661\u0662\u0663\u0664\u0665\u0666\u0667",
        "2b1f7c1e-0000-4000-8000-000000000001"
      })
  void every_other_id_is_literal(String id) {
    assertThat(NormalizedUserId.of(id)).isEqualTo(id);
  }

  @Property
  void separators_and_plus_change_nothing(
      @ForAll @NumericChars @StringLength(min = 7, max = 15) String digits,
      @ForAll("separators") List<String> separators) {
    StringBuilder written = new StringBuilder("+");
    for (int i = 0; i < digits.length(); i++) {
      written.append(i < separators.size() ? separators.get(i) : "").append(digits.charAt(i));
    }

    assertThat(NormalizedUserId.of(written.toString())).isEqualTo(digits);
  }

  @Property
  void it_is_idempotent_and_returns_the_digits_of_a_number_or_the_id(@ForAll("anyIds") String id) {
    String normal = NormalizedUserId.of(id);

    assertThat(NormalizedUserId.of(normal)).isEqualTo(normal);
    if (!normal.equals(id)) {
      assertThat(normal).matches("[0-9]{7,15}").isEqualTo(id.replaceAll("[^0-9]", ""));
      assertThat(id).matches("(?s).*[+()\\p{Zs}].*").doesNotContainPattern("\\p{L}");
    }
  }

  @Provide
  Arbitrary<List<String>> separators() {
    return Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just("")), Tuple.of(1, Arbitraries.of(SEPARATORS)))
        .list()
        .ofMaxSize(15);
  }

  @Provide
  Arbitrary<String> anyIds() {
    Arbitrary<String> numberLike =
        Arbitraries.of("0", "1", "55", "999", "+", " ", "-", "(", ")", ".", "/", "a", "\u00a0")
            .list()
            .ofMinSize(5)
            .ofMaxSize(16)
            .map(parts -> String.join("", parts));
    return Arbitraries.oneOf(numberLike, Arbitraries.strings());
  }
}
