package io.postflight.cli;

import io.postflight.operations.Progress;
import io.postflight.operations.replay.DifferenceLine;
import io.postflight.operations.replay.TierVerifyReport;
import io.postflight.replay.Difference;
import io.postflight.replay.VerifyListener;
import io.postflight.replay.VerifyProgress;
import java.io.PrintStream;
import java.time.Instant;

/** Shows a verification: differences as they are found, then the result. */
final class VerifyPrinter implements VerifyListener {
  private final PrintStream out;
  private final Progress progress;
  private final boolean json;

  VerifyPrinter(PrintStream out, Progress progress, boolean json) {
    this.out = out;
    this.progress = progress;
    this.json = json;
  }

  @Override
  public void at(VerifyProgress at) {
    String what =
        "%,d rows checked, %,d to recheck, %,d different"
            .formatted(at.rowsChecked(), at.pending(), at.different());
    progress.at(what, at.done(), at.total(), "offsets");
  }

  @Override
  public void found(Difference difference) {
    progress.clear();
    if (json) {
      JsonLines.print(DifferenceLine.of(difference), out);
      return;
    }
    out.printf(
        "%s %s: %s (%s-%d@%d, appended %s)%s%n",
        difference.key().table().cqlName(),
        key(difference),
        difference.detail(),
        difference.topic(),
        difference.partition(),
        difference.offset(),
        Instant.ofEpochMilli(difference.appendedAt()),
        switch (difference.repair()) {
          case NONE -> "";
          case REPAIRED -> "; repaired";
          case IMPOSSIBLE ->
              "; not repaired: the database prefers its value, written with the same timestamp";
        });
  }

  private static String key(Difference difference) {
    var partition = difference.key().partition();
    String subject = partition.subject().isEmpty() ? "" : " " + partition.subject();
    String id = difference.key().id().isEmpty() ? "" : " " + difference.key().id();
    String time =
        difference.key().time() == 0 ? "" : " " + Instant.ofEpochMilli(difference.key().time());
    return partition.tenant() + subject + time + id;
  }

  /** Prints the result, after all differences. */
  void print(TierVerifyReport result, boolean repair) {
    if (json) {
      JsonLines.print(result, out);
      return;
    }
    out.printf(
        "%,d rows checked of %,d records; %,d expired, %,d erased, %,d rechecked%n",
        result.rowsChecked(),
        result.records(),
        result.rowsExpired(),
        result.rowsErased(),
        result.rowsRechecked());
    if (result.late() > 0) {
      out.printf("%,d expire late, within --late-seconds%n", result.late());
    }
    if (result.rowsDeadLettered() > 0) {
      out.printf("%,d absent, since their records are dead letters%n", result.rowsDeadLettered());
    }
    if (result.unreadable() + result.refused() > 0) {
      out.printf(
          "not verified: %,d unreadable records (dead letters), %,d rows that the database"
              + " refuses to read%n",
          result.unreadable(), result.refused());
      result.problems().forEach(problem -> out.println("  " + problem));
    }
    out.printf(
        "%,d differences%s%n",
        result.differences(), repair ? ", " + result.repaired() + " repaired" : "");
    for (TierVerifyReport.RestoreRange range : result.redo()) {
      out.printf(
          "To repair: postflight restore --tier %s --from %s --to %s%n",
          result.tier(), range.from(), range.to());
    }
  }
}
