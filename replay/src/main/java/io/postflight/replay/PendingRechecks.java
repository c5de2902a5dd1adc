package io.postflight.replay;

import io.postflight.replay.RowComparison.RowResult;
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

/** Evaluates row checks and keeps those that are to be repeated. */
final class PendingRechecks implements RowChecks.RowListener {
  private static final int CONCURRENCY = 5_000;
  private static final int MAX_WRITES = 50_000;

  private final TierReplay replay;
  private final RowComparison comparison;
  private final VerifySettings settings;
  private final KnownErasures erasures;
  private final DeadLetteredRecords deadLetterLookup;
  private final DifferenceCollector findings;

  /** In due order, since all have the same delay. */
  private final ArrayDeque<RowCheck> waiting = new ArrayDeque<>();

  /** Checked for the last time; whether their records were dead-lettered is still unknown. */
  private final List<Undecided> undecided = new ArrayList<>();

  /** Number of writes held in memory by both. */
  private int writes;

  private record Undecided(RowCheck check, Runnable finding) {}

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
    this.deadLetterLookup =
        new DeadLetteredRecords(
            replay.kafka(),
            replay.deadLetters(),
            new DeadLetteredRecords.Sources(Set.copyOf(replay.topics()), settings.from()),
            replay.timeout());
  }

  /** Evaluates a check. */
  @Override
  public void found(RowCheck check, ObservedRow found) {
    if (check.attempts() == 0) {
      checked++;
    }
    Row row = check.row();
    boolean mayBeRemoved =
        row.table() == Table.TIMELINE
            && erasures.mayHaveRemoved(
                row.partition().tenant(), row.partition().subject(), row.writeTimestampMicros());
    RowResult result = comparison.compare(check.expected(), found, mayBeRemoved);
    switch (result.outcome()) {
      case CORRECT -> {}
      case LATE -> late++;
      case EXPIRED -> expired++;
      case ERASED -> erased++;
      case DIFFERS -> differs(check, result);
    }
  }

  /** What cannot be read could not be written either, and may have been dead-lettered for it. */
  @Override
  public void refused(RowCheck check, String why) {
    postpone(check, () -> findings.refused(check, why));
  }

  private void differs(RowCheck check, RowResult result) {
    if (check.attempts() < settings.rechecks()) {
      if (check.attempts() == 0) {
        rechecked++;
      }
      waiting.addLast(check.again(System.nanoTime() + settings.recheckDelay().toNanos()));
      writes += check.writes();
    } else if (isUnwritten(result.kind())) {
      postpone(check, () -> findings.add(check, result));
    } else {
      findings.add(check, result);
    }
  }

  private void postpone(RowCheck check, Runnable finding) {
    undecided.add(new Undecided(check, finding));
    writes += check.writes();
  }

  private static boolean isUnwritten(Difference.@Nullable Defect kind) {
    return kind == Difference.Defect.MISSING || kind == Difference.Defect.STALE;
  }

  /**
   * Decides on rows that were checked for the last time. If the sink dead-lettered the record of a
   * row, the previous write of the row is expected.
   */
  void settle() {
    Set<String> deadLetters = deadLettered(undecided);
    for (Undecided each : undecided) {
      writes -= each.check().writes();
      if (deadLetters.contains(each.check().position())) {
        deadLettered++;
        RowCheck earlier = each.check().earlier();
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

  private Set<String> deadLettered(List<Undecided> checks) {
    try {
      return deadLetterLookup.among(
          checks.stream().map(each -> each.check().position()).collect(Collectors.toSet()));
    } catch (InterruptException interrupted) {
      throw interrupted;
    } catch (KafkaException failure) {
      throw ReplayException.kafka(
          "the dead letters cannot be read: " + failure.getMessage(), failure);
    }
  }

  /**
   * Removes the checks that are due, and those due soon with them, since the ledger is read before
   * each round.
   */
  List<RowCheck> due() {
    List<RowCheck> due = new ArrayList<>();
    if (!hasDue()) {
      return due;
    }
    long soon = System.nanoTime() + settings.recheckDelay().toNanos() / 2;
    for (RowCheck next = waiting.peek();
        next != null && next.dueNanos() - soon <= 0 && due.size() < CONCURRENCY;
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

  /** The check after current erasures; null if the record has no such row. */
  @Nullable RowCheck renewed(RowCheck check) {
    for (ExpectedRow row : ExpectedRows.of(check.record(), replay, erasures)) {
      if (row.key().equals(check.expected().key())
          && row.row().writeTimestampMicros() == check.row().writeTimestampMicros()) {
        return check.expecting(row);
      }
    }
    return null;
  }

  /** Number of undecided rows. */
  int size() {
    return waiting.size() + undecided.size();
  }

  /** Whether reading must pause because too many rows are undecided. */
  boolean isFull() {
    return writes > MAX_WRITES;
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
