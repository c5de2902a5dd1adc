package io.postflight.cli;

import io.postflight.cli.output.ConsoleProgress;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.operations.StorageTier;
import io.postflight.operations.replay.ReplayWiring;
import io.postflight.runtime.logging.Logs;
import io.postflight.schema.recovery.RecoveryFeed;
import io.postflight.schema.recovery.RecoveryPhase;
import io.postflight.settings.DeploymentSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class TiersRecoveryStartCommand implements Callable<Integer> {
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final long ASK_AGAIN_MILLIS = 200;

  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Option(names = "--tier", required = true, paramLabel = "T", description = "Which tier.")
  String tier = "";

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  TiersRecoveryStartCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = servers.settings(global, surroundings);
    StorageTier storage = ReplayWiring.tier(settings.operations(), tier);
    Logs.ofCommand(global.debug, global.quiet);
    RecoveryTopic topic = new RecoveryTopic(settings, surroundings, global.quiet);
    topic.printTarget(storage);
    boolean before = topic.phases().get(tier) == RecoveryPhase.LOADING;
    List<String> unaware = awaitInstances(topic, topic.write(tier, RecoveryPhase.LOADING));
    if (json) {
      new JsonLines(surroundings.out())
          .print(
              object -> {
                object.put("tier", tier);
                object.put("recovery", RecoveryPhase.LOADING.name());
                object.put("already", before);
                unaware.forEach(object.putArray("notAcknowledged")::add);
              });
    } else {
      surroundings
          .out()
          .printf(
              "tier %s %s in recovery%nNext: schema apply --tier %s, load the backups, restore"
                  + " --tier %s --from the time of the backup, tiers recovery finish --tier %s%n",
              tier, before ? "was already" : "is now", tier, tier, tier);
    }
    if (!unaware.isEmpty()) {
      surroundings
          .err()
          .printf(
              "API instances that have not acknowledged it: %s. Stop them, or repeat this"
                  + " command, before loading backups.%n",
              String.join(", ", unaware));
    }
    return unaware.isEmpty() ? ExitCodes.DONE : ExitCodes.BAD_ANSWER;
  }

  private List<String> awaitInstances(RecoveryTopic topic, RecoveryFeed.Written phase) {
    Progress progress = new ConsoleProgress(surroundings, global.quiet);
    long end = System.nanoTime() + WAIT.toNanos();
    while (true) {
      List<String> unaware = topic.unaware(phase);
      if (unaware.isEmpty() || System.nanoTime() - end > 0) {
        progress.clear();
        return unaware;
      }
      progress.still("awaiting API instances: " + String.join(", ", unaware));
      try {
        Thread.sleep(ASK_AGAIN_MILLIS);
      } catch (InterruptedException interrupted) {
        throw OperationException.interrupted();
      }
    }
  }
}
