package io.postflight.cli;

import io.postflight.cli.config.DeploymentSettings;
import io.postflight.cli.embedded.DevTenants;
import io.postflight.cli.embedded.Shutdown;
import io.postflight.cli.output.CommandException;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.Logs;
import io.postflight.cli.output.Surroundings;
import io.postflight.cli.wiring.Provisioning;
import io.postflight.cli.wiring.RoleContext;
import io.postflight.cli.wiring.RoleSelection;
import io.postflight.cli.wiring.RunningRoles;
import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.store.WriteException;
import io.postflight.topology.TopologyStartException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs roles against configured servers. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs production roles against the configured servers, until SIGTERM or Ctrl-C. Logs go to"
          + " standard error. Servers that are away are waited for.",
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
      "  POSTFLIGHT_KAFKA_BOOTSTRAP=kafka:9092 postflight run --roles api"
    })
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
  private static final long LOOK_MILLIS = 1_000;

  @Option(
      names = "--roles",
      required = true,
      paramLabel = "LIST",
      description = "Which, with commas between.")
  String roles = "";

  @Option(
      names = "--create",
      description = "First creates the topics, keyspaces and tables that are missing.")
  boolean create;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  RunCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = global.settings(surroundings);
    RoleSelection selection = selection(settings);
    Logs.toStandardError();
    try (Shutdown shutdown = Shutdown.ofThisThread()) {
      if (create) {
        Provisioning.createTopics(settings);
        Provisioning.createSchemas(settings.tiers());
      }
      run(settings, selection, shutdown);
      return ExitCodes.DONE;
    } catch (InterruptedException e) {
      throw CommandException.interrupted();
    } catch (TopologyStartException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    } catch (WriteException e) {
      throw e.kind() == WriteException.Kind.TRANSIENT
          ? CommandException.unreachable(String.valueOf(e.getMessage()), e)
          : CommandException.usage(String.valueOf(e.getMessage()));
    } catch (KafkaException e) {
      throw CommandException.unreachable(String.valueOf(e.getMessage()), e);
    }
  }

  private void run(DeploymentSettings settings, RoleSelection selection, Shutdown shutdown)
      throws InterruptedException {
    AvroSerdes serdes = AvroSerdes.of(settings.registry().serdeProperties());
    try (TenantFeed tenants =
            TenantFeed.start(
                settings.kafka().clientProperties(),
                settings.kafka().topics().tenants(),
                TenantRules.withTiers(settings.tierNames())
                    .refusingPublished(DevTenants.published()),
                serdes);
        RunningRoles running =
            RunningRoles.start(
                new RoleContext(
                    settings, serdes, tenants, RoleContext.metersOfJvm(), Clock.systemUTC()),
                selection)) {
      shutdown.isNormalEnd();
      LOG.info("Roles {} are started", roles);
      watch(running, shutdown);
    }
  }

  /** A role that has given up ends the process, so that whoever started it sees it. */
  private static void watch(RunningRoles running, Shutdown shutdown) {
    try {
      while (!shutdown.requested()) {
        List<String> failures = running.failures();
        if (!failures.isEmpty()) {
          throw CommandException.badAnswer(String.join("; ", failures));
        }
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException toldToEnd) {
      LOG.info("Stopping");
    }
  }

  private RoleSelection selection(DeploymentSettings settings) {
    try {
      return RoleSelection.parse(roles, settings.tierNames());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--roles " + roles + ": " + e.getMessage());
    }
  }
}
