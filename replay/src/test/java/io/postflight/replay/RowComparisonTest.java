package io.postflight.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.replay.RowComparison.RowOutcome;
import io.postflight.replay.RowComparison.RowResult;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.MessageColumns;
import io.postflight.store.Row;
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

/** Evaluation of the remaining TTL of a row. */
class RowComparisonTest {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final long NOW = 1_790_000_000_400L;

  private final Row row = row();
  private final long over = (row.expiryAnchorMillis() + Duration.ofDays(30).toMillis()) / 1000;

  @ParameterizedTest
  @CsvSource({
    "-6, DIFFERS",
    "-5, CORRECT",
    "0, CORRECT",
    "5, CORRECT",
    "6, LATE",
    "120, LATE",
    "121, DIFFERS",
    "2592000, DIFFERS"
  })
  void a_row_may_expire_late_within_the_allowed_lateness(long longer, RowOutcome outcome) {
    assertThat(compare(VerifySettings.of(0, null), longer, NOW, NOW).outcome()).isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({"-2, DIFFERS", "-1, CORRECT", "0, CORRECT", "1, CORRECT", "2, DIFFERS"})
  void in_exact_mode_the_tolerance_is_one_second(long longer, RowOutcome outcome) {
    assertThat(compare(VerifySettings.of(0, null).exact(), longer, NOW, NOW).outcome())
        .isEqualTo(outcome);
  }

  @Test
  void lateness_below_the_tolerance_has_no_effect() {
    VerifySettings settings = VerifySettings.of(0, null).withLate(Duration.ZERO);

    assertThat(compare(settings, 5, NOW, NOW).outcome()).isEqualTo(RowOutcome.CORRECT);
    RowResult result = compare(settings, 6, NOW, NOW);
    assertThat(result.kind()).isEqualTo(Difference.Defect.TTL);
    assertThat(result.detail()).contains("too late").contains("provider");
  }

  @Test
  void a_slow_read_may_refer_to_any_time_during_it() {
    VerifySettings exact = VerifySettings.of(0, null).exact();

    // The TTL at the request, returned ten seconds later, and vice versa.
    assertThat(compare(exact, 0, NOW, NOW + 10_000).outcome()).isEqualTo(RowOutcome.CORRECT);
    assertThat(compare(exact, -10, NOW, NOW + 10_000).outcome()).isEqualTo(RowOutcome.CORRECT);
    assertThat(compare(exact, -12, NOW, NOW + 10_000).outcome()).isEqualTo(RowOutcome.DIFFERS);
    assertThat(compare(exact, 2, NOW, NOW + 10_000).outcome()).isEqualTo(RowOutcome.DIFFERS);
  }

  @Test
  void listing_places_of_other_lifecycles_are_tolerated_and_missing_ones_are_not() {
    Row listed = listed();
    Map<?, ?> own = (Map<?, ?>) Objects.requireNonNull(listed.cells().get(MessageColumns.LISTINGS));
    Map<Object, Object> both = new HashMap<>(own);
    both.put(NOW - 40L * 86_400_000, 1);

    assertThat(compareListings(listed, both).outcome()).isEqualTo(RowOutcome.CORRECT);
    assertThat(compareListings(listed, Map.of(NOW - 40L * 86_400_000, 1)).columns())
        .containsExactly(MessageColumns.LISTINGS);
    assertThat(compareListings(listed, null).columns()).containsExactly(MessageColumns.LISTINGS);
  }

  private static RowResult compareListings(Row listed, @Nullable Object found) {
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
            new ExpectedRow(listed.key(), listed, null, false),
            new ObservedRow(Optional.of(new StoredCells(cells)), NOW, NOW),
            false);
  }

  /** The row of a completed message. */
  private static Row listed() {
    return new DrillRecords(TIER, 1, NOW, 1)
        .message(0).stream()
            .flatMap(record -> Rows.of(record, TIER).stream())
            .filter(row -> row.cells().containsKey(MessageColumns.LISTINGS))
            .findFirst()
            .orElseThrow();
  }

  /**
   * @param longer seconds by which the row expires late, at the time of the request
   */
  private RowResult compare(VerifySettings settings, long longer, long asked, long answered) {
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
            new ExpectedRow(row.key(), row, null, false),
            new ObservedRow(Optional.of(new StoredCells(cells)), asked, answered),
            false);
  }

  private static Row row() {
    TierRecord record = new DrillRecords(TIER, 1, NOW, 1).message(0).get(0);
    return Rows.of(record, TIER).get(0);
  }
}
