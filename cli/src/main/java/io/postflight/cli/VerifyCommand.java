package io.postflight.cli;

import io.postflight.operations.Progress;
import io.postflight.operations.replay.TierVerifyReport;
import io.postflight.replay.VerifySettings;
import io.postflight.runtime.Shutdown;
import io.postflight.settings.DeploymentSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares a tier's tables with its topic. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Compares a tier's tables with its topic, row by row, while live traffic continues:"
          + " whether each row exists with the expected write timestamp, values and TTL, and"
          + " whether erased rows are absent. A row that differs is checked again a few"
          + " times before it is reported. Values are never printed.",
      "",
      "Exit code 1 if there are differences (after --repair: if some remain).",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight verify --tier 30d --from 2h",
      "  postflight verify --tier 30d --from 7d --tenant acme --json",
      "  postflight verify --tier 30d --from 2h --repair"
    })
final class VerifyCommand extends TierCommand {
  @Mixin VerifyOptions which = new VerifyOptions();

  @Option(
      names = "--repair",
      description =
          "Rewrites missing or different rows, deletes rows that should have been erased, and"
              + " checks the result.")
  boolean repair;

  @Option(
      names = "--json",
      description = "JSON lines: one for each difference, then one with the result.")
  boolean json;

  @Override
  public Integer call() {
    VerifySettings requested = which.settings();
    DeploymentSettings settings = settings();
    Progress progress = progress();
    try (Shutdown shutdown = Shutdown.ofThisThread()) {
      VerifyPrinter printer = new VerifyPrinter(out(), shutdown.silencing(progress), json);
      TierVerifyReport result = jobs(settings).verify(tier, requested, repair, printer);
      progress.clear();
      printer.print(result, repair);
      return ExitCodes.of(result.clean());
    } finally {
      progress.clear();
    }
  }
}
