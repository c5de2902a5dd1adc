package io.postflight.cli;

import io.postflight.operations.StorageTier;
import io.postflight.operations.replay.RecoveryTopic;
import io.postflight.operations.replay.TierState;
import io.postflight.schema.recovery.RecoveryPhase;
import io.postflight.settings.DeploymentSettings;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the tiers. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the configured tiers: retention, cluster and keyspace, and whether the tier is in"
          + " recovery.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight tiers list",
      "  postflight tiers list --json | jq .tier"
    })
final class TiersListCommand extends ServerCommand {
  @Option(names = "--json", description = "As JSON lines, one per tier.")
  boolean json;

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    Map<String, RecoveryPhase> phases = new RecoveryTopic(settings.kafka()).phases();
    for (StorageTier tier : settings.tiers()) {
      show(TierState.of(tier, phases.get(tier.name())), json, this::print);
    }
    return ExitCodes.DONE;
  }

  private void print(TierState tier) {
    out()
        .printf(
            "%-12s retention %-8s %s, keyspace %s%s%n",
            tier.tier(),
            tier.retention(),
            String.join(", ", tier.contactPoints()),
            tier.keyspace(),
            tier.recovery() == null ? "" : ", IN RECOVERY (" + tier.recovery() + ")");
  }
}
