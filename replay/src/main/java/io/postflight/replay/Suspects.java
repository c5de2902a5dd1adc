package io.postflight.replay;

import io.postflight.replay.RowComparison.Verdict;
import io.postflight.replay.deadletter.BuriedRecords;
import io.postflight.store.Row;
import io.postflight.store.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Judges rows as they are found, and keeps those that are to be looked at again. */
final class Suspects implements RowLooks.Listener {
  private static final int AT_ONCE = 5_000;

  private final TierReplay replay;
  private final RowComparison comparison;
  private final VerifySettings settings;
  private final Erasures erasures;
  private final BuriedRecords buried;
  private final Findings findings;

  /** In the order in which they are due, since each waits equally long. */
  private final ArrayDeque<Look> waiting = new ArrayDeque<>();

  private long checked;
  private long expired;
  private long erased;
  private long late;
  private long deadLettered;
  private long rechecked;

  Suspects(
      TierReplay replay,
      RowComparison comparison,
      VerifySettings settings,
      Erasures erasures,
      Findings findings) {
    this.replay = replay;
    this.comparison = comparison;
    this.settings = settings;
    this.erasures = erasures;
    this.findings = findings;
    this.buried =
        new BuriedRecords(
            replay.kafka(),
            replay.deadLetters(),
            Set.copyOf(replay.topics()),
            settings.from(),
            replay.patience(),
            System::currentTimeMillis);
  }

  /** Judges a row that was looked at. */
  @Override
  public void found(Look look, Found found) {
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
    Verdict verdict = comparison.compare(look.expected(), found, mayBeTaken);
    switch (verdict.outcome()) {
      case RIGHT -> {}
      case LATE -> late++;
      case EXPIRED -> expired++;
      case ERASED -> erased++;
      case DIFFERS -> differs(look, verdict);
    }
  }

  /** What cannot be read could not be written either, and may have been buried for it. */
  @Override
  public void refused(Look look, String why) {
    if (isBuried(look)) {
      deadLettered++;
    } else {
      findings.refused(look, why);
    }
  }

  private void differs(Look look, Verdict verdict) {
    if (look.before() < settings.rechecks()) {
      if (look.before() == 0) {
        rechecked++;
      }
      waiting.add(look.again(System.nanoTime() + settings.recheckDelay().toNanos()));
    } else if (isUnwritten(verdict.kind()) && isBuried(look)) {
      deadLettered++;
    } else {
      findings.add(look, verdict);
    }
  }

  private static boolean isUnwritten(Difference.@Nullable Kind kind) {
    return kind == Difference.Kind.MISSING || kind == Difference.Kind.STALE;
  }

  /** Whether the sink has made a dead letter of the record that says how a row should be. */
  private boolean isBuried(Look look) {
    try {
      return buried.contains(look.topic(), look.partition(), look.offset());
    } catch (InterruptException interrupted) {
      throw interrupted;
    } catch (KafkaException failure) {
      throw ReplayException.away(
          "the dead letters cannot be read: " + failure.getMessage(), failure);
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
    for (ExpectedRow row : ExpectedRows.of(look.record(), replay, erasures)) {
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

  long late() {
    return late;
  }

  long deadLettered() {
    return deadLettered;
  }

  long rechecked() {
    return rechecked;
  }
}
