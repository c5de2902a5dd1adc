package io.postflight.replay;

import io.postflight.replay.RowComparison.Outcome;
import io.postflight.replay.RowComparison.Verdict;
import io.postflight.store.Row;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges rows as they are found, and keeps those that are to be looked at again. */
final class Suspects {
  private static final int AT_ONCE = 5_000;

  private final RowComparison comparison;
  private final VerifySettings settings;
  private final Erasures erasures;
  private final Findings findings;

  /** In the order in which they are due, since each waits equally long. */
  private final ArrayDeque<Look> waiting = new ArrayDeque<>();

  private long checked;
  private long expired;
  private long erased;
  private long rechecked;

  Suspects(
      RowComparison comparison, VerifySettings settings, Erasures erasures, Findings findings) {
    this.comparison = comparison;
    this.settings = settings;
    this.erasures = erasures;
    this.findings = findings;
  }

  /** Judges a row that was looked at. */
  void found(Look look, Optional<StoredCells> cells) {
    if (look.before() == 0) {
      checked++;
    }
    Row row = look.row();
    boolean mayBeTaken =
        (row.table() == Table.TIMELINE || row.table() == Table.LATEST)
            && erasures.mayHaveTaken(
                row.partition().tenant(),
                row.partition().subject(),
                row.table() == Table.LATEST,
                row.writeTimestampMicros());
    Verdict verdict =
        comparison.compare(look.expected(), cells, mayBeTaken, System.currentTimeMillis());
    if (verdict.outcome() == Outcome.EXPIRED) {
      expired++;
    } else if (verdict.outcome() == Outcome.ERASED) {
      erased++;
    } else if (verdict.outcome() == Outcome.DIFFERS) {
      differs(look, verdict);
    }
  }

  private void differs(Look look, Verdict verdict) {
    if (look.before() < settings.rechecks()) {
      if (look.before() == 0) {
        rechecked++;
      }
      waiting.add(look.again(System.nanoTime() + settings.recheckDelay().toNanos()));
    } else {
      findings.add(look, verdict);
    }
  }

  /**
   * Takes out those that are to be looked at now, if there are any, and with them those that soon
   * would be: before each round the ledger is read.
   */
  List<Look> due() {
    List<Look> due = new ArrayList<>();
    if (!hasDue()) {
      return due;
    }
    long soon = System.nanoTime() + settings.recheckDelay().toNanos() / 2;
    for (Look next = waiting.peek();
        next != null && next.dueNanos() - soon <= 0 && due.size() < AT_ONCE;
        next = waiting.peek()) {
      due.add(waiting.remove());
    }
    return due;
  }

  boolean hasDue() {
    Look next = waiting.peek();
    return next != null && next.dueNanos() - System.nanoTime() <= 0;
  }

  /** The same look in the light of what is erased by now; null: the record has no such row. */
  @Nullable Look renewed(Look look) {
    for (ExpectedRow row : ExpectedRows.of(look.record(), comparison.tier(), erasures)) {
      if (row.key().equals(look.expected().key())
          && row.row().writeTimestampMicros() == look.row().writeTimestampMicros()) {
        return look.expecting(row);
      }
    }
    return null;
  }

  /** Rows that wait. */
  int size() {
    return waiting.size();
  }

  long checked() {
    return checked;
  }

  long expired() {
    return expired;
  }

  long erased() {
    return erased;
  }

  long rechecked() {
    return rechecked;
  }
}
