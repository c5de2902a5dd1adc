package io.postflight.replay;

import io.postflight.schema.message.TierRecord;
import io.postflight.store.KeyLimits;
import io.postflight.store.ListingRow;
import io.postflight.store.MessageRow;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import io.postflight.store.TimelineRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Computes the rows that a record must have written. */
final class ExpectedRows {
  private ExpectedRows() {}

  /**
   * The rows of a record after erasures.
   *
   * @throws IllegalArgumentException if the record is inconsistent, or one of its rows can never be
   *     stored: the sink has dead-lettered it
   */
  @SuppressWarnings("ReferenceEquality") // same instance: no erasure applies
  static List<ExpectedRow> of(TierRecord record, TierReplay replay, KnownErasures erasures) {
    if (record.getCommand() != null) {
      return List.of();
    }
    Tier tier = replay.tier();
    List<Row> all = Rows.of(record, tier);
    all.forEach(row -> requireStorable(row, replay.limits().maxRow()));
    TierRecord left = erasures.leftOf(record);
    List<ExpectedRow> expected = new ArrayList<>(all.size());
    if (left == record && !erasures.redactsAny(record)) {
      all.forEach(row -> expected.add(new ExpectedRow(row.key(), row, null, false)));
      return expected;
    }
    Set<Row> kept = left == null ? Set.of() : new HashSet<>(Rows.of(left, tier));
    Map<RowKey, Row> redacted = new HashMap<>();
    kept.stream()
        .filter(row -> row instanceof MessageRow || row instanceof ListingRow)
        .forEach(row -> redacted.put(row.key(), row));
    for (Row row : all) {
      RowKey key = row.key();
      Row changed = redacted.get(key);
      if (kept.contains(row)) {
        expected.add(new ExpectedRow(key, withoutRedactedError(row, erasures), null, false));
      } else {
        expected.add(
            new ExpectedRow(
                key,
                changed == null ? row : changed,
                changed == null ? null : row,
                changed == null));
      }
    }
    return expected;
  }

  private static void requireStorable(Row row, int maxBytes) {
    String excess = KeyLimits.excess(row);
    if (excess != null) {
      throw new IllegalArgumentException(excess);
    }
    int size = row.sizeBytes();
    if (size > maxBytes) {
      throw new IllegalArgumentException(
          row.describe() + " has " + size + " bytes; allowed: at most " + maxBytes);
    }
  }

  /** The code of a redacted error is stored in the timeline too. */
  private static Row withoutRedactedError(Row row, KnownErasures erasures) {
    return row instanceof TimelineRow timeline
            && erasures.redactsErrorOf(row.partition().tenant(), timeline.event())
        ? new TimelineRow(
            row.partition(), timeline.event().withoutError(), timeline.expiryAnchorMillis())
        : row;
  }
}
