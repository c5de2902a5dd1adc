package io.postflight.cli;

import io.postflight.operations.Progress;
import io.postflight.operations.replay.TierRestoreReport;
import io.postflight.replay.RestoreProgress;
import java.io.PrintStream;

/** Shows a restore. */
final class RestorePrinter {
  private RestorePrinter() {}

  static void show(RestoreProgress at, Progress progress) {
    String what =
        "%,d rows read, %,d written, %,d expired, %,d erased, %,d rows/s%s"
            .formatted(
                at.rowsRead(),
                at.rowsWritten(),
                at.rowsExpired(),
                at.rowsErased(),
                at.rowsPerSecond(),
                at.etaSeconds() < 0 ? "" : ", about " + at.etaSeconds() + " s left");
    progress.at(what, at.done(), at.total(), "offsets");
  }

  static void print(TierRestoreReport result, PrintStream out) {
    out.printf("rows read        %,d (of %,d records)%n", result.rowsRead(), result.records());
    out.printf(
        "rows %-11s %,d (%,d rows/s)%n",
        result.dryRun() ? "to write" : "written", result.rowsWritten(), result.rowsPerSecond());
    out.printf("rows expired     %,d%n", result.rowsExpired());
    out.printf("rows erased      %,d%n", result.rowsErased());
    if (!result.dryRun()) {
      out.printf(
          "erasures applied %,d (%,d rows)%n", result.erasuresApplied(), result.rowsErasedAgain());
    }
    if (result.unreadable() + result.refused() > 0) {
      out.printf(
          "not restored     %,d unreadable records (dead letters), %,d rejected by the database%n",
          result.unreadable(), result.refused());
      result.problems().forEach(problem -> out.println("  " + problem));
    }
    if (result.coveredFrom() != null) {
      out.println(
          "The topic has no records before "
              + result.coveredFrom()
              + ": restore older data from a backup.");
    }
  }
}
