package io.postflight.replay;

import io.postflight.replay.RowComparison.Result;
import io.postflight.replay.deadletter.DeadLetteredRecords;
import io.postflight.store.Row;
import io.postflight.store.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Judges rows as they are found, and keeps those that are to be looked at again. */
final class PendingRechecks implements RowChecks.Listener {
  private static final int AT_ONCE = 5_000;
  private static final int MOST_WRITES = 50_000;

  private final TierReplay replay;
  private final RowComparison comparison;
  private final VerifySettings settings;
  private final KnownErasures erasures;
  private final DeadLetteredRecords buried;
  private final DifferenceCollector findings;

  /** In the order in which they are due, since each waits equally long. */
  private final ArrayDeque<RowCheck> waiting = new ArrayDeque<>();

  /** Looked at for the last time; whether their records were buried is still to be asked. */
  private final List<Undecided> undecided = new ArrayList<>();

  /** How many writes all those keep in memory. */
  private int writes;

  private record Undecided(RowCheck look, Runnable finding) {}

  private long checked;
  private long expired;
  private long erased;
  private long late;
  private long deadLettered;
  private long rechecked;

  PendingRechecks(
      TierReplay replay,
      RowComparison comparison,
      VerifySettings settings,
      KnownErasures erasures,
      DifferenceCollector findings) {
    this.replay = replay;
    this.comparison = comparison;
    this.settings = settings;
    this.erasures = erasures;
    this.findings = findings;
    this.buried =
        new DeadLetteredRecords(
            replay.kafka(),
            replay.deadLetters(),
            Set.copyOf(replay.topics()),
            settings.from(),
            replay.timeout(),
            System::currentTimeMillis);
  }

  /** Judges a row that was looked at. */
  @Override
  public void found(RowCheck look, ObservedRow found) {
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
    Result result = comparison.compare(look.expected(), found, mayBeTaken);
    switch (result.outcome()) {
      case RIGHT -> {}
      case LATE -> late++;
      case EXPIRED -> expired++;
      case ERASED -> erased++;
      case DIFFERS -> differs(look, result);
    }
  }

  /** What cannot be read could not be written either, and may have been buried for it. */
  @Override
  public void refused(RowCheck look, String why) {
    leaveOpen(look, () -> findings.refused(look, why));
  }

  private void differs(RowCheck look, Result result) {
    if (look.before() < settings.rechecks()) {
      if (look.before() == 0) {
        rechecked++;
      }
      waiting.addLast(look.again(System.nanoTime() + settings.recheckDelay().toNanos()));
      writes += look.writes();
    } else if (isUnwritten(result.kind())) {
      leaveOpen(look, () -> findings.add(look, result));
    } else {
      findings.add(look, result);
    }
  }

  private void leaveOpen(RowCheck look, Runnable finding) {
    undecided.add(new Undecided(look, finding));
    writes += look.writes();
  }

  private static boolean isUnwritten(Difference.@Nullable Kind kind) {
    return kind == Difference.Kind.MISSING || kind == Difference.Kind.STALE;
  }

  /**
   * Decides on rows that were looked at for the last time. The sink may have made a dead letter of
   * the record that says how one should be; then it should be as the write before that left it.
   */
  void settle() {
    Set<String> buried = buriedOf(undecided);
    for (Undecided each : undecided) {
      writes -= each.look().writes();
      if (buried.contains(each.look().place())) {
        deadLettered++;
        RowCheck earlier = each.look().earlier();
        if (earlier != null) {
          waiting.addFirst(earlier.again(System.nanoTime()));
          writes += earlier.writes();
        }
      } else {
        each.finding().run();
      }
    }
    undecided.clear();
  }

  private Set<String> buriedOf(List<Undecided> looks) {
    try {
      return buried.among(
          looks.stream().map(each -> each.look().place()).collect(Collectors.toSet()));
    } catch (InterruptException interrupted) {
      throw interrupted;
    } catch (KafkaException failure) {
      throw ReplayException.kafka(
          "the dead letters cannot be read: " + failure.getMessage(), failure);
    }
  }

  /**
   * Takes out those that are to be looked at now, if there are any, and with them those that soon
   * would be: before each round the ledger is read.
   */
  List<RowCheck> due() {
    List<RowCheck> due = new ArrayList<>();
    if (!hasDue()) {
      return due;
    }
    long soon = System.nanoTime() + settings.recheckDelay().toNanos() / 2;
    for (RowCheck next = waiting.peek();
        next != null && next.dueNanos() - soon <= 0 && due.size() < AT_ONCE;
        next = waiting.peek()) {
      writes -= next.writes();
      due.add(waiting.remove());
    }
    return due;
  }

  boolean hasDue() {
    RowCheck next = waiting.peek();
    return next != null && next.dueNanos() - System.nanoTime() <= 0;
  }

  /** The same look in the light of what is erased by now; null: the record has no such row. */
  @Nullable RowCheck renewed(RowCheck look) {
    for (ExpectedRow row : ExpectedRows.of(look.record(), replay, erasures)) {
      if (row.key().equals(look.expected().key())
          && row.row().writeTimestampMicros() == look.row().writeTimestampMicros()) {
        return look.expecting(row);
      }
    }
    return null;
  }

  /** Rows that are not decided upon. */
  int size() {
    return waiting.size() + undecided.size();
  }

  /** Whether there is so much to be decided that nothing should come on top of it. */
  boolean areTooMany() {
    return writes > MOST_WRITES;
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
