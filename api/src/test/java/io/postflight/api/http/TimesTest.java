package io.postflight.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimesTest {
  private static final long NOW = 1_800_000_000_000L;

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1800000000000, 1800000000000",
    "2h, 1799992800000",
    "7d, 1799395200000",
    "500ms, 1799999999500",
    "99999d, 0",
    "2026-11-22T10:00:00Z, 1795341600000",
    "2026-11-22t10:00:00.250z, 1795341600250",
    "2026-11-22T12:00:00+02:00, 1795341600000",
    "2026-11-22T12:00:00 02:00, 1795341600000",
  })
  void times_are_parsed(String text, long millis) {
    assertThat(Times.millis(text, NOW)).hasValue(millis);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "yesterday",
        "2026-11-22",
        "2026-11-22T10:00:00",
        "2h30m",
        "1y",
        "+1",
        "1e3",
        "9999999999999999",
        "+999999999-01-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "٣h"
      })
  void invalid_times_are_rejected(String text) {
    assertThat(Times.millis(text, NOW)).isEmpty();
  }
}
