package io.postflight.replay;

import io.postflight.replay.Difference.Defect;
import io.postflight.store.RemainingTtl;
import io.postflight.store.Row;
import io.postflight.store.StoredCell;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the expected row of a record with the stored row; a pure function.
 *
 * <p>A column that every write of the row sets identifies the write. A row of a later write is
 * correct regardless of its content: the later record has its own comparison. In a row of the same
 * write every cell must be equal, unless a later write of only that cell (a redaction) followed.
 */
final class RowComparison {
  private final Tier tier;
  private final Duration tolerance;
  private final Duration late;

  /**
   * Result of a comparison.
   *
   * @param outcome the outcome
   * @param kind kind of difference, with DIFFERS only
   * @param detail human-readable
   * @param columns affected columns
   */
  record RowResult(RowOutcome outcome, @Nullable Defect kind, String detail, List<String> columns) {
    private static RowResult differs(Defect kind, String detail, List<String> columns) {
      return new RowResult(RowOutcome.DIFFERS, kind, detail, columns);
    }
  }

  /** Outcome of a comparison. */
  enum RowOutcome {
    /** The row is correct. */
    CORRECT,
    /** The row is correct, but expires later than the tolerance, within the allowed lateness. */
    LATE,
    /** The row has expired, or is about to. */
    EXPIRED,
    /** The row is absent, since it was erased. */
    ERASED,
    /** The row differs. */
    DIFFERS
  }

  private static final RowResult CORRECT = new RowResult(RowOutcome.CORRECT, null, "", List.of());
  private static final RowResult LATE = new RowResult(RowOutcome.LATE, null, "", List.of());
  private static final RowResult EXPIRED = new RowResult(RowOutcome.EXPIRED, null, "", List.of());
  private static final RowResult ERASED = new RowResult(RowOutcome.ERASED, null, "", List.of());

  /**
   * @param tolerance allowed deviation of a row's expiry
   * @param late allowed late expiry due to a stopped server, if greater
   */
  RowComparison(Tier tier, Duration tolerance, Duration late) {
    this.tier = tier;
    this.tolerance = tolerance;
    this.late = late;
  }

  /**
   * Compares.
   *
   * @param observed the stored row
   * @param mayBeRemoved whether an erasure may have removed the row although it does not cover it
   */
  RowResult compare(ExpectedRow expected, ObservedRow observed, boolean mayBeRemoved) {
    Row row = expected.row();
    Optional<StoredCells> found = observed.cells();
    RemainingTtl ttl = row.remainingTtl(tier.retention(), observed.answered());
    if (ttl.expired() || (ttl.seconds() > 0 && ttl.seconds() <= tolerance.toSeconds())) {
      return EXPIRED;
    }
    StoredCell mark = found.map(cells -> cells.cells().get(mark(row.table()))).orElse(null);
    if (expected.erased()) {
      return erased(row, found, mark);
    }
    long timestamp = row.writeTimestampMicros();
    if (found.isEmpty() || mark == null) {
      return mayBeRemoved
          ? ERASED
          : RowResult.differs(
              Defect.MISSING,
              found.isEmpty() ? "the row is missing" : "part of the row is missing",
              List.of());
    }
    if (mark.writeTimestampMicros() > timestamp) {
      return CORRECT;
    }
    if (mark.writeTimestampMicros() < timestamp) {
      return mayBeRemoved
          ? ERASED
          : RowResult.differs(
              Defect.STALE,
              "the row is from write %d, not %d".formatted(mark.writeTimestampMicros(), timestamp),
              List.of());
    }
    return sameWrite(expected, found.get().cells(), observed);
  }

  private static RowResult erased(Row row, Optional<StoredCells> found, @Nullable StoredCell mark) {
    if (found.isEmpty()
        || (mark != null && mark.writeTimestampMicros() > row.writeTimestampMicros())) {
      return ERASED;
    }
    return RowResult.differs(
        Defect.NOT_ERASED,
        "the erased row still exists",
        found.get().cells().keySet().stream().sorted().toList());
  }

  private RowResult sameWrite(
      ExpectedRow expected, Map<String, StoredCell> cells, ObservedRow observed) {
    Row row = expected.row();
    Map<String, @Nullable Object> before =
        expected.unredacted() == null ? Map.of() : expected.unredacted().cells();
    List<String> differing = new ArrayList<>();
    List<String> badlyTimed = new ArrayList<>();
    Expiry worst = Expiry.CORRECT;
    for (Map.Entry<String, @Nullable Object> each : row.cells().entrySet()) {
      String column = each.getKey();
      StoredCell cell = cells.get(column);
      if (!isCorrect(each.getValue(), before.get(column), cell, row)) {
        differing.add(column);
      } else if (cell != null && cell.writeTimestampMicros() == row.writeTimestampMicros()) {
        Expiry expiry = expiry(row, cell, observed);
        worst = expiry.compareTo(worst) > 0 ? expiry : worst;
        if (expiry.compareTo(Expiry.LATE) > 0) {
          badlyTimed.add(column);
        }
      }
    }
    cells.forEach(
        (column, cell) -> {
          if (!row.cells().containsKey(column)
              && !cell.value().equals(before.get(column))
              && cell.writeTimestampMicros() == row.writeTimestampMicros()) {
            differing.add(column);
          }
        });
    if (!differing.isEmpty()) {
      differing.sort(null);
      return RowResult.differs(Defect.DIFFERENT, "different values of " + differing, differing);
    }
    if (!badlyTimed.isEmpty()) {
      badlyTimed.sort(null);
      return RowResult.differs(Defect.TTL, badlyTimed + " expire too " + worst.word(), badlyTimed);
    }
    return worst == Expiry.LATE ? LATE : CORRECT;
  }

  /** Columns that a redaction does not name may have their earlier values. */
  private static boolean isCorrect(
      @Nullable Object value, @Nullable Object valueBefore, @Nullable StoredCell cell, Row row) {
    if (cell == null) {
      return value == null;
    }
    if (cell.writeTimestampMicros() == StoredCell.UNKNOWN_WRITE) {
      return containsAll(cell.value(), value);
    }
    if (cell.writeTimestampMicros() > row.writeTimestampMicros()) {
      return true;
    }
    boolean same =
        cell.value().equals(value) || (value != null && cell.value().equals(valueBefore));
    return same && cell.writeTimestampMicros() == row.writeTimestampMicros();
  }

  /** Maps written per element may contain elements of other lifecycles. */
  private static boolean containsAll(Object found, @Nullable Object expected) {
    return found instanceof Map<?, ?> all
        && expected instanceof Map<?, ?> some
        && all.entrySet().containsAll(some.entrySet());
  }

  /** Expiry of a cell, from correct to wrong. */
  private enum Expiry {
    CORRECT,
    LATE,
    TOO_EARLY,
    TOO_LATE;

    String word() {
      return this == TOO_EARLY ? "early" : "late";
    }
  }

  /**
   * In epoch seconds, as servers count: the times of write and read are rounded down, and the bound
   * TTL makes a row expire in the second in which its retention ends.
   */
  private Expiry expiry(Row row, StoredCell cell, ObservedRow observed) {
    Integer left = cell.ttlSeconds();
    Duration retention = tier.retention();
    if (left == null || retention == null) {
      return left == null && retention == null
          ? Expiry.CORRECT
          : left == null ? Expiry.TOO_LATE : Expiry.TOO_EARLY;
    }
    long over = Math.floorDiv(row.expiryAnchorMillis() + retention.toMillis(), 1000L);
    long first = Math.floorDiv(observed.asked(), 1000L) + left;
    long last = Math.floorDiv(observed.answered(), 1000L) + left;
    if (last < over - tolerance.toSeconds()) {
      return Expiry.TOO_EARLY;
    }
    if (first <= over + tolerance.toSeconds()) {
      return Expiry.CORRECT;
    }
    return first <= over + late.toSeconds() ? Expiry.LATE : Expiry.TOO_LATE;
  }

  /** A column that every write of a row of the table sets. */
  private static String mark(Table table) {
    return switch (table) {
      case TIMELINE -> "type";
      case MESSAGE, MESSAGE_BY_TIME -> "revision";
      case IDENTITY -> "links";
    };
  }
}
