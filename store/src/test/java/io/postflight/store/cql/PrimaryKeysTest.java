package io.postflight.store.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.type.codec.ExtraTypeCodecs;
import com.datastax.oss.driver.api.core.type.codec.TypeCodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrimaryKeysTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "593990000525", "é", "你好", "a\uD83D\uDE00b", "\uD83D\uDE00"})
  void a_text_is_encoded_as_by_the_driver(String text) {
    assertThat(PrimaryKeys.encode(text))
        .isEqualTo(TypeCodecs.TEXT.encode(text, ProtocolVersion.V4));
  }

  @Test
  void numbers_and_times_are_encoded_as_by_the_driver() {
    assertThat(PrimaryKeys.encode(7))
        .isEqualTo(TypeCodecs.SMALLINT.encode((short) 7, ProtocolVersion.V4));
    assertThat(PrimaryKeys.encode(1_700_000_000_123L))
        .isEqualTo(
            ExtraTypeCodecs.TIMESTAMP_MILLIS_UTC.encode(1_700_000_000_123L, ProtocolVersion.V4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D", "a\uDE00", "\uD83Da", "\uDE00\uD83D"})
  void an_unpaired_surrogate_is_refused_since_it_would_name_another_row(String text) {
    assertThatThrownBy(() -> PrimaryKeys.encode(text)).hasMessageContaining("surrogate");
  }
}
