package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.replay.RowComparison.Outcome;
import io.postflight.replay.RowComparison.Verdict;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.Rows;
import io.postflight.store.StoredCell;
import io.postflight.store.StoredCells;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of the time that is left to a row. */
class RowComparisonTest {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final long NOW = 1_790_000_000_400L;

  private final Row row = row();
  private final long over = (row.expiryAnchorMillis() + Duration.ofDays(30).toMillis()) / 1000;

  @ParameterizedTest
  @CsvSource({
    "-6, DIFFERS",
    "-5, RIGHT",
    "0, RIGHT",
    "5, RIGHT",
    "6, LATE",
    "120, LATE",
    "121, DIFFERS",
    "2592000, DIFFERS"
  })
  void a_row_may_live_longer_as_a_stopped_servers_rows_do(long longer, Outcome outcome) {
    assertThat(compare(VerifySettings.of(0, null), longer, NOW, NOW).outcome()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"-2, DIFFERS", "-1, RIGHT", "0, RIGHT", "1, RIGHT", "2, DIFFERS"})
  void where_no_server_was_stopped_a_second_is_all(long longer, Outcome outcome) {
    assertThat(compare(VerifySettings.of(0, null).toTheSecond(), longer, NOW, NOW).outcome())
        .isEqualTo(outcome);
  }

  @Test
  void lateness_below_the_tolerance_bears_nothing() {
    VerifySettings settings = VerifySettings.of(0, null).bearingLate(Duration.ZERO);

    assertThat(compare(settings, 5, NOW, NOW).outcome()).isEqualTo(Outcome.RIGHT);
    Verdict verdict = compare(settings, 6, NOW, NOW);
    assertThat(verdict.kind()).isEqualTo(Difference.Kind.TTL);
    assertThat(verdict.detail()).contains("too long").contains("provider");
  }

  @Test
  void an_answer_that_took_long_is_taken_as_of_any_moment_of_it() {
    VerifySettings exact = VerifySettings.of(0, null).toTheSecond();

    // What was left when it was asked for, told ten seconds later, and the other way round.
    assertThat(compare(exact, 0, NOW, NOW + 10_000).outcome()).isEqualTo(Outcome.RIGHT);
    assertThat(compare(exact, -10, NOW, NOW + 10_000).outcome()).isEqualTo(Outcome.RIGHT);
    assertThat(compare(exact, -12, NOW, NOW + 10_000).outcome()).isEqualTo(Outcome.DIFFERS);
    assertThat(compare(exact, 2, NOW, NOW + 10_000).outcome()).isEqualTo(Outcome.DIFFERS);
  }

  /**
   * @param longer seconds that the row lives longer than it should, as of the time of asking
   */
  private Verdict compare(VerifySettings settings, long longer, long asked, long answered) {
    int left = Math.toIntExact(over + longer - asked / 1000);
    Map<String, StoredCell> cells = new HashMap<>();
    row.cells()
        .forEach(
            (column, value) -> {
              if (value != null) {
                cells.put(column, new StoredCell(value, row.writeTimestampMicros(), left));
              }
            });
    return new RowComparison(TIER, settings.tolerance(), settings.late())
        .compare(
            new ExpectedRow(RowKey.of(row), row, null, false),
            new Found(Optional.of(new StoredCells(cells)), asked, answered),
            false);
  }

  private static Row row() {
    TierRecord record = new DrillRecords(TIER, 1, NOW, 1).message(0).get(0);
    return Rows.of(record, TIER).get(0);
  }
}
