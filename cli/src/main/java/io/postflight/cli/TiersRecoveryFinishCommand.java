package io.postflight.cli;

import io.postflight.cli.output.ConsoleProgress;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.operations.StorageTier;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.replay.ReplayWiring;
import io.postflight.operations.replay.TenantShards;
import io.postflight.replay.RecoveryReport;
import io.postflight.replay.RecoveryScan;
import io.postflight.replay.ReplayException;
import io.postflight.runtime.logging.Logs;
import io.postflight.schema.recovery.RecoveryPhase;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.cql.CqlEventStore;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class TiersRecoveryFinishCommand implements Callable<Integer> {
  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Option(names = "--tier", required = true, paramLabel = "T", description = "Which tier.")
  String tier = "";

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Maximum rows read per second (default: unlimited).")
  long rate;

  @Option(names = "--json", description = "The result as one JSON object.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  TiersRecoveryFinishCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (rate < 0) {
      throw OperationException.usage(
          "--rate " + rate + " is not allowed; allowed: 0 (unlimited)" + " or more");
    }
    DeploymentSettings settings = servers.settings(global, surroundings);
    StorageTier storage = ReplayWiring.tier(settings.operations(), tier);
    Logs.ofCommand(global.debug, global.quiet);
    RecoveryTopic topic = new RecoveryTopic(settings, surroundings, global.quiet);
    topic.printTarget(storage);
    if (!topic.phases().containsKey(tier)) {
      throw OperationException.usage(
          "--tier %s is not in recovery; 'postflight tiers recovery start --tier %s' starts one"
              .formatted(tier, tier));
    }
    Progress progress = new ConsoleProgress(surroundings, global.quiet);
    try (TenantAdmin tenants =
            TenantAdmin.open(settings.operations(), servers.tenantRules(settings));
        CqlEventStore store = ReplayWiring.store(storage, TenantShards.of(tenants::find))) {
      // From here on sinks apply erasures again: what they left out is in the ledger by now.
      topic.write(tier, RecoveryPhase.ERASING);
      RecoveryReport report =
          RecoveryScan.run(
              ReplayWiring.replay(settings.operations(), storage),
              RecoveryScan.Store.of(store),
              RecoveryScan.Settings.of(() -> rate),
              at -> progress.at(describe(at), at.done(), at.total()));
      topic.write(tier, null);
      progress.clear();
      print(report);
      return ExitCodes.DONE;
    } catch (ReplayException failure) {
      progress.clear();
      throw ReplayFailures.of(failure);
    } catch (InterruptedException interrupted) {
      progress.clear();
      throw OperationException.interrupted();
    }
  }

  private static String describe(RecoveryScan.Progress at) {
    return "%s: %,d rows read, %,d erased, %,d/s"
        .formatted(
            at.table().name().toLowerCase(Locale.ROOT),
            at.rowsScanned(),
            at.rowsErased(),
            at.rowsPerSecond());
  }

  private void print(RecoveryReport report) {
    if (json) {
      new JsonLines(surroundings.out())
          .print(
              object -> {
                object.put("tier", tier);
                object.putNull("recovery");
                object.put("subjects", report.subjects());
                object.put("rowsScanned", report.rowsScanned());
                object.put("rowsErased", report.rowsErased());
                object.put("seconds", report.millis() / 1e3);
              });
      return;
    }
    surroundings
        .out()
        .printf(
            "rows read        %,d%nrows erased      %,d (of %,d messages and users in the"
                + " ledger)%ntier %s is no longer in recovery%n",
            report.rowsScanned(), report.rowsErased(), report.subjects(), tier);
  }
}
