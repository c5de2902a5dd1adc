package io.postflight.replay;

import io.postflight.replay.Difference.Kind;
import io.postflight.store.LatestRow;
import io.postflight.store.RemainingTtl;
import io.postflight.store.Row;
import io.postflight.store.StoredCell;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.TimelineItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares a row as a record has it with the row as the database has it; a pure function.
 *
 * <p>Which write a row is from can be seen in one column that every write of the row sets. A row of
 * a later write is right whatever it holds: the later record is compared by itself. In a row of the
 * same write every cell has to be equal, unless a later write of that cell alone (a redaction) came
 * after it.
 */
final class RowComparison {
  /**
   * A server counts the time left from when it does the write. One that was stopped with requests
   * in its queue does them late, so that their rows live longer by as much; no write of ours can
   * shorten that, and a retention that was begun anew is hours off, not seconds.
   */
  private static final long LATE_SECONDS = 120;

  private final Tier tier;
  private final Duration tolerance;

  /**
   * What is found.
   *
   * @param outcome in one word
   * @param kind what is wrong, with DIFFERS only
   * @param detail the same for people
   * @param columns concerned
   */
  record Verdict(Outcome outcome, @Nullable Kind kind, String detail, List<String> columns) {
    private static Verdict differs(Kind kind, String detail, List<String> columns) {
      return new Verdict(Outcome.DIFFERS, kind, detail, columns);
    }
  }

  /** What is found, in one word. */
  enum Outcome {
    /** It is as it should be. */
    RIGHT,
    /** Its life is over, or is as good as over. */
    EXPIRED,
    /** It is rightly not there: it was erased. */
    ERASED,
    /** It is not as it should be. */
    DIFFERS
  }

  private static final Verdict RIGHT = new Verdict(Outcome.RIGHT, null, "", List.of());
  private static final Verdict EXPIRED = new Verdict(Outcome.EXPIRED, null, "", List.of());
  private static final Verdict ERASED = new Verdict(Outcome.ERASED, null, "", List.of());

  /**
   * @param tolerance by how much the time left may differ
   */
  RowComparison(Tier tier, Duration tolerance) {
    this.tier = tier;
    this.tolerance = tolerance;
  }

  Tier tier() {
    return tier;
  }

  /**
   * Compares.
   *
   * @param found what stands in the row's place
   * @param mayBeTaken whether an erasure may have taken the row along, though it is not concerned
   * @param now epoch milliseconds
   */
  Verdict compare(ExpectedRow expected, Optional<StoredCells> found, boolean mayBeTaken, long now) {
    Row row = expected.row();
    RemainingTtl ttl = RemainingTtl.of(row.expiryAnchorMillis(), tier.retention(), now);
    if (ttl.expired() || (ttl.seconds() > 0 && ttl.seconds() <= tolerance.toSeconds())) {
      return EXPIRED;
    }
    StoredCell mark = found.map(cells -> cells.cells().get(mark(row.table()))).orElse(null);
    if (expected.erased()) {
      return erased(row, found, mark);
    }
    long timestamp = row.writeTimestampMicros();
    if (found.isEmpty() || mark == null) {
      return mayBeTaken
          ? ERASED
          : Verdict.differs(
              Kind.MISSING,
              found.isEmpty() ? "the row is not there" : "only part of the row is there",
              List.of());
    }
    if (mark.writeTimestampMicros() > timestamp) {
      return RIGHT;
    }
    if (mark.writeTimestampMicros() < timestamp) {
      return mayBeTaken
          ? ERASED
          : Verdict.differs(
              Kind.STALE,
              "the row is from write %d, not %d".formatted(mark.writeTimestampMicros(), timestamp),
              List.of());
    }
    if (isTie(row, mark)) {
      return RIGHT;
    }
    return sameWrite(expected, found.get().cells(), ttl);
  }

  private static Verdict erased(Row row, Optional<StoredCells> found, @Nullable StoredCell mark) {
    if (found.isEmpty()
        || (mark != null && mark.writeTimestampMicros() > row.writeTimestampMicros())
        || (mark != null && row.table() == Table.LATEST && !isOf(row, mark))) {
      return ERASED;
    }
    return Verdict.differs(
        Kind.NOT_ERASED,
        "the row was erased and is still there",
        found.get().cells().keySet().stream().sorted().toList());
  }

  private Verdict sameWrite(ExpectedRow expected, Map<String, StoredCell> cells, RemainingTtl ttl) {
    Row row = expected.row();
    Map<String, @Nullable Object> before =
        expected.unredacted() == null ? Map.of() : expected.unredacted().cells();
    List<String> differing = new ArrayList<>();
    List<String> badlyTimed = new ArrayList<>();
    row.cells()
        .forEach(
            (column, value) -> {
              StoredCell cell = cells.get(column);
              if (!isRight(value, before.get(column), cell, row)) {
                differing.add(column);
              } else if (cell != null
                  && cell.writeTimestampMicros() == row.writeTimestampMicros()
                  && !lastsRight(cell, ttl)) {
                badlyTimed.add(column);
              }
            });
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
      return Verdict.differs(Kind.DIFFERENT, "other values of " + differing, differing);
    }
    if (!badlyTimed.isEmpty()) {
      badlyTimed.sort(null);
      return Verdict.differs(
          Kind.TTL, "the time left is not " + ttl.seconds() + " s of " + badlyTimed, badlyTimed);
    }
    return RIGHT;
  }

  /** What a redaction leaves behind in columns that it does not name may be as before it. */
  private static boolean isRight(
      @Nullable Object value, @Nullable Object valueBefore, @Nullable StoredCell cell, Row row) {
    if (cell == null) {
      return value == null;
    }
    if (cell.writeTimestampMicros() > row.writeTimestampMicros()) {
      return true;
    }
    boolean same =
        cell.value().equals(value) || (value != null && cell.value().equals(valueBefore));
    return same && cell.writeTimestampMicros() == row.writeTimestampMicros();
  }

  private boolean lastsRight(StoredCell cell, RemainingTtl ttl) {
    Integer left = cell.ttlSeconds();
    if (left == null || ttl.seconds() == 0) {
      return (left == null) == (ttl.seconds() == 0);
    }
    long longer = (long) left - ttl.seconds();
    return -longer <= tolerance.toSeconds()
        && longer <= Math.max(tolerance.toSeconds(), LATE_SECONDS);
  }

  /** Two events of one type and one anchor: whichever is there, it is there whole. */
  private static boolean isTie(Row row, StoredCell mark) {
    return row.table() == Table.LATEST && !isOf(row, mark);
  }

  private static boolean isOf(Row row, StoredCell mark) {
    return row instanceof LatestRow latest
        && mark.value() instanceof TimelineItem item
        && item.eventId().equals(latest.event().eventId());
  }

  /** A column that every write of a row of the table sets. */
  private static String mark(Table table) {
    return switch (table) {
      case TIMELINE -> "type";
      case LATEST -> "event";
      case MESSAGE, MESSAGE_BY_TIME -> "revision";
    };
  }
}
