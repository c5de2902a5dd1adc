package io.postflight.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.StorageTier;
import io.postflight.schema.recovery.RecoveryPhase;
import io.postflight.settings.DeploymentSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class TiersListCommand implements Callable<Integer> {
  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Option(names = "--json", description = "As JSON lines, one per tier.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  TiersListCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = servers.settings(global, surroundings);
    RecoveryTopic topic = new RecoveryTopic(settings, surroundings, global.quiet);
    Map<String, RecoveryPhase> phases = topic.phases();
    for (StorageTier tier : settings.tiers()) {
      Duration retention = tier.tier().retention();
      String lasts = retention == null ? "forever" : retention.toDays() + "d";
      List<String> contactPoints =
          tier.cluster().contactPoints().stream().map(String::valueOf).toList();
      @Nullable RecoveryPhase phase = phases.get(tier.name());
      if (json) {
        new JsonLines(surroundings.out())
            .print(
                object -> {
                  object.put("tier", tier.name());
                  object.put("retentionSeconds", retention == null ? null : retention.toSeconds());
                  contactPoints.forEach(object.putArray("contactPoints")::add);
                  object.put("keyspace", tier.cluster().keyspace());
                  put(object, phase);
                });
      } else {
        surroundings
            .out()
            .printf(
                "%-12s retention %-8s %s, keyspace %s%s%n",
                tier.name(),
                lasts,
                String.join(", ", contactPoints),
                tier.cluster().keyspace(),
                phase == null ? "" : ", IN RECOVERY (" + phase + ")");
      }
    }
    return ExitCodes.DONE;
  }

  private static void put(ObjectNode object, @Nullable RecoveryPhase phase) {
    object.put("recovery", phase == null ? null : phase.name());
  }
}
