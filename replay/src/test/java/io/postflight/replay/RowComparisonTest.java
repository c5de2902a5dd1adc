package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.replay.RowComparison.Outcome;
import io.postflight.replay.RowComparison.Result;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.MessageColumns;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.Rows;
import io.postflight.store.StoredCell;
import io.postflight.store.StoredCells;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    Result result = compare(settings, 6, NOW, NOW);
    assertThat(result.kind()).isEqualTo(Difference.Kind.TTL);
    assertThat(result.detail()).contains("too long").contains("provider");
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

  @Test
  void another_lifecycles_place_in_the_listing_is_no_difference_and_a_missing_one_is() {
    Row listed = listed();
    Map<?, ?> own = (Map<?, ?>) Objects.requireNonNull(listed.cells().get(MessageColumns.LISTINGS));
    Map<Object, Object> both = new HashMap<>(own);
    both.put(NOW - 40L * 86_400_000, 1);

    assertThat(compareListings(listed, both).outcome()).isEqualTo(Outcome.RIGHT);
    assertThat(compareListings(listed, Map.of(NOW - 40L * 86_400_000, 1)).columns())
        .containsExactly(MessageColumns.LISTINGS);
    assertThat(compareListings(listed, null).columns()).containsExactly(MessageColumns.LISTINGS);
  }

  private static Result compareListings(Row listed, @Nullable Object found) {
    int left = Math.toIntExact((listed.expiryAnchorMillis() - NOW) / 1000 + 30 * 86_400);
    Map<String, StoredCell> cells = new HashMap<>();
    listed
        .cells()
        .forEach(
            (column, value) -> {
              if (value != null && !column.equals(MessageColumns.LISTINGS)) {
                cells.put(column, new StoredCell(value, listed.writeTimestampMicros(), left));
              }
            });
    if (found != null) {
      cells.put(MessageColumns.LISTINGS, new StoredCell(found, StoredCell.UNKNOWN_WRITE, null));
    }
    VerifySettings settings = VerifySettings.of(0, null);
    return new RowComparison(TIER, settings.tolerance(), settings.late())
        .compare(
            new ExpectedRow(RowKey.of(listed), listed, null, false),
            new ObservedRow(Optional.of(new StoredCells(cells)), NOW, NOW),
            false);
  }

  /** The row of a message that is complete. */
  private static Row listed() {
    return new DrillRecords(TIER, 1, NOW, 1)
        .message(0).stream()
            .flatMap(record -> Rows.of(record, TIER).stream())
            .filter(row -> row.cells().containsKey(MessageColumns.LISTINGS))
            .findFirst()
            .orElseThrow();
  }

  /**
   * @param longer seconds that the row lives longer than it should, as of the time of asking
   */
  private Result compare(VerifySettings settings, long longer, long asked, long answered) {
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
            new ObservedRow(Optional.of(new StoredCells(cells)), asked, answered),
            false);
  }

  private static Row row() {
    TierRecord record = new DrillRecords(TIER, 1, NOW, 1).message(0).get(0);
    return Rows.of(record, TIER).get(0);
  }
}
