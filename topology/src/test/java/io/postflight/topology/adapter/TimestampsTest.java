package io.postflight.topology.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1760700001, 1760700001000",
    "1760700001467, 1760700001467",
    "1760700001.5, 1760700001500",
    "1760700001.046789, 1760700001046",
    "1760700001., 1760700001000",
    "-5, -5000",
    "1.795888790123E12, 1795888790123",
    "1.795888790E+9, 1795888790000",
    "9999999999999, 9999999999999",
    "99999999999, 99999999999000",
    "100000000000, 100000000000",
    "2026-03-29T04:00:56.753Z, 1774756856753",
    "2026-03-29T06:00:56.753+02:00, 1774756856753",
    "2026-03-29T04:00:56, 1774756856000",
    "2026-03-29 04:00:56, 1774756856000",
    "2026-03-29T04:00:56Z, 1774756856000",
    "2026-12-31T23:59:59.9Z, 1798761599900",
    "2024-02-29T00:00:00.000000001Z, 1709164800000",
    "1969-12-31T23:59:59.5Z, -500"
  })
  void a_time_is_read(String text, long millis) {
    assertThat(Timestamps.of(text)).isEqualTo(millis);
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "20261128175950",
    "1795888790123000",
    "1.795888790123E15",
    "1760700001.5x",
    "1760700001467.x",
    "1e999",
    "-",
    ".",
    ".5",
    "1.5.5",
    "1234567890123456789012",
    "2026-13-29T04:00:56Z",
    "2026-02-29T04:00:56Z",
    "2026-03-29T24:00:56Z",
    "2026-03-29T04:60:56Z",
    "2026-03-29T04:00:56.Z1",
    "2026-03-29T04:00:56.1234567890Z",
    "+999999999-12-31T23:59:59Z",
    "yesterday"
  })
  void an_invalid_time_is_null(@Nullable String text) {
    assertThat(Timestamps.of(text)).isNull();
  }
}
