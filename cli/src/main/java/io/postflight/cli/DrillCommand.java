package io.postflight.cli;

import io.postflight.demo.embedded.DataDirectory;
import io.postflight.demo.embedded.EmbeddedStack;
import io.postflight.demo.embedded.TemporaryDirectory;
import io.postflight.operations.Progress;
import io.postflight.operations.StorageTier;
import io.postflight.operations.replay.TierJobs;
import io.postflight.replay.DrillReport;
import io.postflight.runtime.Shutdown;
import io.postflight.settings.DeploymentSettings;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Practises disaster recovery on scratch tables. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Practises disaster recovery: fills a scratch keyspace and topic with generated messages,"
          + " drops the keyspace, restores it from the topic, verifies it, and reports the"
          + " recovery time. The tier's own tables and topics are not touched, and the"
          + " scratch ones are removed.",
      "",
      "Without configured servers and a running dev it starts embedded servers. Exit code 1"
          + " unless every row was restored.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight drill --tier 30d",
      "  postflight drill --tier 30d --messages 100000 --json"
    })
final class DrillCommand extends TierCommand {
  @Within(least = 1, most = 100_000_000)
  @Option(
      names = "--messages",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Number of messages, 1 to 100000000 (default: ${DEFAULT-VALUE}).")
  int messages;

  @Option(names = "--json", description = "The result as one JSON object.")
  boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Progress progress = progress();
    try (Shutdown shutdown = Shutdown.ofThisThread()) {
      Progress shown = shutdown.silencing(progress);
      DrillReport report =
          servers.any(global())
              ? jobs(settings()).drill(tier, messages, shown)
              : runEmbedded(shown);
      progress.clear();
      show(report, json, this::print);
      return ExitCodes.of(report.recovered());
    } finally {
      progress.clear();
    }
  }

  private DrillReport runEmbedded(Progress progress) throws IOException, InterruptedException {
    StackCommand.requireServers("drill without --servers");
    StackCommand.refuseServers("drill without --servers", global());
    DeploymentSettings settings = global().developmentSettings();
    StorageTier unused = settings.operations().requireTier(tier); // before anything is started
    try (TemporaryDirectory directory = TemporaryDirectory.create("postflight-drill-", progress);
        DataDirectory data = DataDirectory.take(directory.path());
        EmbeddedStack stack = start(directory, data, settings, progress)) {
      DrillReport report =
          new TierJobs(stack.settings().operations(), servers.tenantRules(settings))
              .drill(tier, messages, progress);
      directory.keepLogs(!report.recovered());
      return report;
    }
  }

  /** The log is kept unless the drill ends well. */
  private EmbeddedStack start(
      TemporaryDirectory directory,
      DataDirectory data,
      DeploymentSettings settings,
      Progress progress)
      throws InterruptedException {
    directory.keepLogs(true);
    return StackCommand.launcher(global()).start(data, settings, true, progress);
  }

  private void print(DrillReport report) {
    out()
        .printf(
            "%s: %,d of %,d rows restored in %.1f s (%,d rows/s), %,d differences%n",
            report.tier(),
            report.restoredRows(),
            report.rows(),
            report.seconds(),
            report.rowsPerSecond(),
            report.differences());
  }
}
