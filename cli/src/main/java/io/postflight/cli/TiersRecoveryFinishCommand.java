package io.postflight.cli;

import io.postflight.operations.Progress;
import io.postflight.operations.replay.RecoveryTopic;
import io.postflight.operations.replay.TierRecoveryReport;
import io.postflight.replay.ScanProgress;
import io.postflight.settings.DeploymentSettings;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends the recovery of a tier. */
@Command(
    name = "finish",
    mixinStandardHelpOptions = true,
    description = {
      "Finishes the recovery of a tier after all backups are loaded and 'restore' is done: scans"
          + " the tier's tables, erases what the ledger covers, and then enables reads and"
          + " erasures again.",
      "",
      "It can be stopped and repeated; the tier stays in recovery until the scan is complete.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight tiers recovery finish --tier 60d",
      "  postflight tiers recovery finish --tier 60d --rate 20000"
    })
final class TiersRecoveryFinishCommand extends TierCommand {
  @Within(most = Integer.MAX_VALUE)
  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Maximum rows read per second; 0 (default): unlimited.")
  long rate;

  @Option(names = "--json", description = "The result as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    Progress progress = progress();
    progress.step(RecoveryTopic.target(settings.operations(), tier));
    try {
      TierRecoveryReport result =
          jobs(settings)
              .finishRecovery(
                  tier,
                  () -> rate,
                  at -> progress.at(describe(at), at.done(), at.total(), "token ranges"));
      progress.clear();
      show(result, json, this::print);
      return ExitCodes.DONE;
    } finally {
      progress.clear();
    }
  }

  private static String describe(ScanProgress at) {
    return "%s: %,d rows read, %,d erased, %,d rows/s"
        .formatted(
            at.table().name().toLowerCase(Locale.ROOT),
            at.rowsScanned(),
            at.rowsErased(),
            at.rowsPerSecond());
  }

  private void print(TierRecoveryReport result) {
    out()
        .printf(
            "rows read        %,d%nrows erased      %,d (of %,d messages and users in the"
                + " ledger)%ntier %s is no longer in recovery%n",
            result.rowsScanned(), result.rowsErased(), result.subjects(), tier);
  }
}
