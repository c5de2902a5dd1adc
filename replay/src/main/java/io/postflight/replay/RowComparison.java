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
  private final Tier tier;
  private final Duration tolerance;
  private final Duration late;

  /**
   * What is found.
   *
   * @param outcome in one word
   * @param kind what is wrong, with DIFFERS only
   * @param detail the same for people
   * @param columns concerned
   */
  record Result(Outcome outcome, @Nullable Kind kind, String detail, List<String> columns) {
    private static Result differs(Kind kind, String detail, List<String> columns) {
      return new Result(Outcome.DIFFERS, kind, detail, columns);
    }
  }

  /** What is found, in one word. */
  enum Outcome {
    /** It is as it should be. */
    RIGHT,
    /** It is as it should be, but that it will live a little longer, as is borne. */
    LATE,
    /** Its life is over, or is as good as over. */
    EXPIRED,
    /** It is rightly not there: it was erased. */
    ERASED,
    /** It is not as it should be. */
    DIFFERS
  }

  private static final Result RIGHT = new Result(Outcome.RIGHT, null, "", List.of());
  private static final Result LATE = new Result(Outcome.LATE, null, "", List.of());
  private static final Result EXPIRED = new Result(Outcome.EXPIRED, null, "", List.of());
  private static final Result ERASED = new Result(Outcome.ERASED, null, "", List.of());

  /**
   * @param tolerance by how much a row may live too short or too long
   * @param late by how much it may live too long for a server's sake, if that is more
   */
  RowComparison(Tier tier, Duration tolerance, Duration late) {
    this.tier = tier;
    this.tolerance = tolerance;
    this.late = late;
  }

  /**
   * Compares.
   *
   * @param look what stands in the row's place
   * @param mayBeTaken whether an erasure may have taken the row along, though it is not concerned
   */
  Result compare(ExpectedRow expected, ObservedRow look, boolean mayBeTaken) {
    Row row = expected.row();
    Optional<StoredCells> found = look.cells();
    RemainingTtl ttl = RemainingTtl.of(row.expiryAnchorMillis(), tier.retention(), look.answered());
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
          : Result.differs(
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
          : Result.differs(
              Kind.STALE,
              "the row is from write %d, not %d".formatted(mark.writeTimestampMicros(), timestamp),
              List.of());
    }
    if (isTie(row, mark)) {
      return RIGHT;
    }
    return sameWrite(expected, found.get().cells(), look);
  }

  private static Result erased(Row row, Optional<StoredCells> found, @Nullable StoredCell mark) {
    if (found.isEmpty()
        || (mark != null && mark.writeTimestampMicros() > row.writeTimestampMicros())
        || (mark != null && row.table() == Table.LATEST && !isOf(row, mark))) {
      return ERASED;
    }
    return Result.differs(
        Kind.NOT_ERASED,
        "the row was erased and is still there",
        found.get().cells().keySet().stream().sorted().toList());
  }

  private Result sameWrite(ExpectedRow expected, Map<String, StoredCell> cells, ObservedRow look) {
    Row row = expected.row();
    Map<String, @Nullable Object> before =
        expected.unredacted() == null ? Map.of() : expected.unredacted().cells();
    List<String> differing = new ArrayList<>();
    List<String> badlyTimed = new ArrayList<>();
    Lifetime worst = Lifetime.RIGHT;
    for (Map.Entry<String, @Nullable Object> each : row.cells().entrySet()) {
      String column = each.getKey();
      StoredCell cell = cells.get(column);
      if (!isRight(each.getValue(), before.get(column), cell, row)) {
        differing.add(column);
      } else if (cell != null && cell.writeTimestampMicros() == row.writeTimestampMicros()) {
        Lifetime lifetime = lifetime(row, cell, look);
        worst = lifetime.compareTo(worst) > 0 ? lifetime : worst;
        if (lifetime.compareTo(Lifetime.LATE) > 0) {
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
      return Result.differs(Kind.DIFFERENT, "other values of " + differing, differing);
    }
    if (!badlyTimed.isEmpty()) {
      badlyTimed.sort(null);
      return Result.differs(Kind.TTL, badlyTimed + " live too " + worst.word(), badlyTimed);
    }
    return worst == Lifetime.LATE ? LATE : RIGHT;
  }

  /** What a redaction leaves behind in columns that it does not name may be as before it. */
  private static boolean isRight(
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

  /** Of what is written element by element a row holds other lifecycles' elements too. */
  private static boolean containsAll(Object found, @Nullable Object expected) {
    return found instanceof Map<?, ?> all
        && expected instanceof Map<?, ?> some
        && all.entrySet().containsAll(some.entrySet());
  }

  /** How long a cell will live, from right to wrong. */
  private enum Lifetime {
    RIGHT,
    LATE,
    TOO_SHORT,
    TOO_LONG;

    String word() {
      return this == TOO_SHORT ? "short" : "long";
    }
  }

  /**
   * In seconds since 1970, as the server counts: it rounds both the moment of the write and that of
   * the read down to one, and the time left is bound so that a row which is written at once dies in
   * the second in which its life is over.
   */
  private Lifetime lifetime(Row row, StoredCell cell, ObservedRow look) {
    Integer left = cell.ttlSeconds();
    Duration retention = tier.retention();
    if (left == null || retention == null) {
      return left == null && retention == null
          ? Lifetime.RIGHT
          : left == null ? Lifetime.TOO_LONG : Lifetime.TOO_SHORT;
    }
    long over = Math.floorDiv(row.expiryAnchorMillis() + retention.toMillis(), 1000L);
    long first = Math.floorDiv(look.asked(), 1000L) + left;
    long last = Math.floorDiv(look.answered(), 1000L) + left;
    if (last < over - tolerance.toSeconds()) {
      return Lifetime.TOO_SHORT;
    }
    if (first <= over + tolerance.toSeconds()) {
      return Lifetime.RIGHT;
    }
    return first <= over + late.toSeconds() ? Lifetime.LATE : Lifetime.TOO_LONG;
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
