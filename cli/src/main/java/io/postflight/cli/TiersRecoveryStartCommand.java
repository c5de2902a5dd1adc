package io.postflight.cli;

import io.postflight.operations.Progress;
import io.postflight.operations.replay.RecoveryStart;
import io.postflight.operations.replay.RecoveryTopic;
import io.postflight.runtime.logging.Logs;
import io.postflight.settings.DeploymentSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Begins the recovery of a tier. */
@Command(
    name = "start",
    mixinStandardHelpOptions = true,
    description = {
      "Starts the recovery of a tier whose keyspace was lost: run it before 'schema apply'"
          + " creates the keyspace again and backups are loaded. Until 'tiers recovery finish',"
          + " reads of the tier are answered 503, and erasures of users are deferred with"
          + " state WAITING. Idempotent.",
      "",
      "Returns once every running API instance has acknowledged it; sinks read the state before"
          + " they"
          + " apply an erasure of a user. Exit code 1 if an instance has not acknowledged it"
          + " within 30 s: the tier is in recovery, and that instance must be stopped.",
      ""
    },
    footer = {"", "Examples:", "  postflight tiers recovery start --tier 60d"})
final class TiersRecoveryStartCommand extends TierCommand {
  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    Logs.ofCommand(global().debug, global().quiet);
    Progress progress = progress();
    progress.step(RecoveryTopic.target(settings.operations(), tier));
    RecoveryStart start = new RecoveryTopic(settings.kafka()).start(tier, progress);
    show(start, json, this::print);
    if (!start.notAcknowledged().isEmpty()) {
      environment()
          .err()
          .printf(
              "API instances that have not acknowledged it: %s. Stop them, or repeat this"
                  + " command, before loading backups.%n",
              String.join(", ", start.notAcknowledged()));
    }
    return ExitCodes.of(start.notAcknowledged().isEmpty());
  }

  private void print(RecoveryStart start) {
    out()
        .printf(
            "tier %s %s in recovery%nNext: schema apply --tier %s, load the backups, restore"
                + " --tier %s --from the time of the backup, tiers recovery finish --tier %s%n",
            tier, start.already() ? "was already" : "is now", tier, tier, tier);
  }
}
