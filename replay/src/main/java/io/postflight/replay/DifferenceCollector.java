package io.postflight.replay;

import io.postflight.replay.Difference.Repair;
import io.postflight.replay.RowComparison.RowResult;
import io.postflight.replay.VerifyReport.Redo;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects confirmed differences: counts them, keeps some, and repairs them if requested. */
final class DifferenceCollector {
  private static final long SLICE_MILLIS = 60_000;

  /** Maximum number of slices; beyond it, slices are doubled in width. */
  private static final int MAX_SLICES = 1_000;

  private final int most;
  private final Consumer<Difference> each;
  private final @Nullable RowRepair repair;
  private final List<Difference> kept = new ArrayList<>();
  private final TreeSet<Long> slices = new TreeSet<>();
  private long slice = SLICE_MILLIS;
  private final ProblemLog problems;
  private long different;
  private long refused;
  private long repaired;

  /**
   * @param most maximum number of differences kept
   * @param each receives each difference
   * @param repair repairs rows; null: no repair
   * @param problems receives rows that cannot be read
   */
  DifferenceCollector(
      int most, Consumer<Difference> each, @Nullable RowRepair repair, ProblemLog problems) {
    this.most = most;
    this.each = each;
    this.repair = repair;
    this.problems = problems;
  }

  void add(RowCheck check, RowResult result) {
    different++;
    Difference.Defect kind = result.kind();
    if (kind == null) {
      throw new IllegalArgumentException("no difference: " + result);
    }
    Difference difference =
        new Difference(
            check.expected().key(),
            kind,
            result.detail(),
            result.columns(),
            check.topic(),
            check.partition(),
            check.offset(),
            check.appendedAt(),
            repair == null ? Repair.NONE : repair.repair(check));
    if (difference.repair() == Repair.REPAIRED) {
      repaired++;
    } else {
      note(check.appendedAt());
    }
    if (kept.size() < most) {
      kept.add(difference);
    }
    each.accept(difference);
  }

  /** A row that the database refuses to read. */
  void refused(RowCheck check, String why) {
    refused++;
    problems.add(check.position(), why);
  }

  private void note(long time) {
    slices.add(Math.floorDiv(time, slice));
    while (slices.size() > MAX_SLICES) {
      slice *= 2;
      TreeSet<Long> wider = new TreeSet<>();
      slices.forEach(at -> wider.add(Math.floorDiv(at, 2L)));
      slices.clear();
      slices.addAll(wider);
    }
  }

  /** Whole minutes with records of rows that still differ, adjacent ones merged. */
  List<Redo> redo() {
    List<Redo> ranges = new ArrayList<>();
    for (long at : slices) {
      Redo last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (last != null && last.to() == at * slice) {
        ranges.set(ranges.size() - 1, new Redo(last.from(), (at + 1) * slice));
      } else {
        ranges.add(new Redo(at * slice, (at + 1) * slice));
      }
    }
    return ranges;
  }

  long different() {
    return different;
  }

  long refused() {
    return refused;
  }

  long repaired() {
    return repaired;
  }

  List<Difference> kept() {
    return kept;
  }
}
