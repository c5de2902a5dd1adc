package io.postflight.operations.replay;

import io.postflight.operations.Progress;
import io.postflight.replay.RestoreProgress;
import java.io.PrintStream;

/** Shows a restore on a terminal. */
public final class RestorePrinter {
  private RestorePrinter() {}

  /** Shows how far it is. */
  public static void show(RestoreProgress at, Progress progress) {
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

  /** Prints the result. */
  public static void print(TierRestoreReport result, PrintStream out) {
    out.printf("rows read        %,d (of %,d records)%n", result.rowsRead(), result.records());
    out.printf(
        "rows %-11s %,d (%,d rows/s)%n",
        result.dryRun() ? "to write" : "written", result.rowsWritten(), result.rowsPerSecond());
    out.printf("links of ids     %,d%n", result.identities());
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
