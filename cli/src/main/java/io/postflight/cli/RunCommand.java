package io.postflight.cli;

import io.postflight.demo.embedded.InstanceSlot;
import io.postflight.runtime.HttpPort;
import io.postflight.runtime.RoleProcess;
import io.postflight.runtime.RoleSelection;
import io.postflight.runtime.Shutdown;
import io.postflight.runtime.logging.Logs;
import io.postflight.settings.DeploymentSettings;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs roles against configured servers. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs production roles against the configured servers, until SIGTERM or Ctrl-C. Logs go to"
          + " standard error. Servers that are unavailable are awaited, with --create too: until"
          + " then"
          + " /health/live is 200, /health/ready 503, and requests are answered 503.",
      "",
      "With --servers it uses the servers of a 'postflight dev --servers-only': each process"
          + " gets its own instance id and state directory, so that roles can be started, killed"
          + " and scaled freely.",
      "",
      "Roles: topology (webhooks to tiers), sink:<tier> or sink:* (tiers to their clusters), api"
          + " (webhooks in, queries out).",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight run --roles topology,sink:*,api --create",
      "  postflight run --roles sink:30d --config /etc/postflight.conf",
      "  POSTFLIGHT_KAFKA_BOOTSTRAP=kafka:9092 postflight run --roles api",
      "  postflight run --roles sink:30d --servers .postflight/dev"
    })
final class RunCommand extends ServerCommand {
  /** Timeout of an orderly stop. */
  private static final Duration TIMEOUT = Duration.ofSeconds(19);

  @Option(
      names = "--roles",
      required = true,
      paramLabel = "LIST",
      description = "Roles, comma-separated.")
  String roles = "";

  @Option(names = "--create", description = "Creates missing topics, keyspaces and tables first.")
  boolean create;

  @Override
  public Integer call() {
    try (Shutdown shutdown = Shutdown.ofThisThread(TIMEOUT);
        InstanceSlot slot = servers.slot(global())) {
      DeploymentSettings settings = servers.settings(global(), slot);
      servers.refusePublishedOperatorKey(settings);
      RoleSelection selection = RoleSelection.parse(roles, settings.tierNames());
      if (selection.api()) {
        HttpPort.requireFree(settings, "http.port");
      } else {
        HttpPort.requireStatusPortFree(settings);
      }
      Logs.ofRoles(global().quiet);
      // From here on a requested stop is the normal end.
      shutdown.treatAsSuccess();
      new RoleProcess(settings, servers.tenantRules(settings), create, shutdown)
          .run(selection, roles);
      return ExitCodes.DONE;
    }
  }
}
