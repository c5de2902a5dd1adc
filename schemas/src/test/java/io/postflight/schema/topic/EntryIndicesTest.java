package io.postflight.schema.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryIndicesTest {
  @Test
  void a_few_indices_are_written_as_they_are() {
    assertThat(EntryIndices.of(List.of(3, 1, 2)).toHeader()).isEqualTo("1,2,3");
  }

  @Test
  void consecutive_indices_are_written_as_ranges_and_read_back() {
    EntryIndices many = EntryIndices.of(IntStream.range(5, 20_000).boxed().toList());

    assertThat(many.toHeader()).isEqualTo("5-19999");
    assertThat(EntryIndices.parse(many.toHeader())).isEqualTo(many);
  }

  @Test
  void a_header_by_hand_may_have_runs_and_spaces() {
    EntryIndices some = EntryIndices.parse("0, 4-6");

    assertThat(some.contains(5)).isTrue();
    assertThat(some.contains(3)).isFalse();
    assertThat(some.toHeader()).isEqualTo("0,4,5,6");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1,,2", "-1", "5-3", "9999999", "1;2"})
  void an_invalid_index_is_named(String header) {
    assertThatThrownBy(() -> EntryIndices.parse(header))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not an index");
  }
}
