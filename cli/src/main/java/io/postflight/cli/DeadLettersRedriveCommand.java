package io.postflight.cli;

import io.postflight.operations.Progress;
import io.postflight.operations.deadletter.DeadLetters;
import io.postflight.operations.deadletter.RedriveProgress;
import io.postflight.replay.deadletter.RedriveReport;
import io.postflight.replay.deadletter.RedriveSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends dead letters back. */
@Command(
    name = "redrive",
    mixinStandardHelpOptions = true,
    description = {
      "Redrives dead letters to their source topics once the cause is fixed. Of a webhook only"
          + " the rejected entries are processed again; key and arrival time are kept. Each dead"
          + " letter is redriven once, even if the command is killed or repeated; a record"
          + " that fails again becomes a new dead letter.",
      "",
      "Exit code 1 if a dead letter could not be redriven; it remains unchanged.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight dead-letters redrive --dry-run",
      "  postflight dead-letters redrive --reason UNKNOWN_TENANT --tenant acme",
      "  postflight dead-letters redrive --reason INTERNAL --from 2d --rate 200 --json"
    })
final class DeadLettersRedriveCommand extends ServerCommand {
  @Mixin DeadLetterOptions which = new DeadLetterOptions();

  @Option(names = "--dry-run", description = "Shows what would be done, without changes.")
  boolean dryRun;

  @Within(most = Integer.MAX_VALUE)
  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Maximum records per second; 0 (default): unlimited.")
  int rate;

  @Option(names = "--again", description = "Includes dead letters that were redriven before.")
  boolean again;

  @Option(names = "--json", description = "The result as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    RedriveSettings requested =
        new RedriveSettings(which.filter(), which.from(), which.to(), dryRun, again, rate);
    Progress progress = progress();
    RedriveProgress shown = new RedriveProgress(dryRun, progress, environment().err());
    DeadLetters deadLetters = deadLetters(settings());
    RedriveReport report = deadLetters.redrive(requested, environment().clock(), shown);
    progress.clear();
    if (report.matched() == 0) {
      deadLetters.requireKnown(which.tenant, which.provider);
    }
    shown.end();
    show(report, json, this::print);
    return ExitCodes.of(report.failed() == 0);
  }

  private void print(RedriveReport report) {
    out()
        .printf(
            "Dead letters: %d read, %d selected, %d %s, %d skipped as erased, %d as redriven"
                + " before, %d could not be redriven%n",
            report.read(),
            report.matched(),
            report.redriven(),
            dryRun ? "would be redriven" : "redriven",
            report.skippedErased(),
            report.skippedDone(),
            report.failed());
  }
}
