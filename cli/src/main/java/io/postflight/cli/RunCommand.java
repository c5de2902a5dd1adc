package io.postflight.cli;

import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.Surroundings;
import io.postflight.demo.embedded.InstanceSlot;
import io.postflight.operations.OperationException;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.operations.admin.Provisioning;
import io.postflight.operations.admin.ServerFaults;
import io.postflight.runtime.RoleContext;
import io.postflight.runtime.RoleSelection;
import io.postflight.runtime.RunningRoles;
import io.postflight.runtime.Shutdown;
import io.postflight.runtime.logging.Logs;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.WriteException;
import io.postflight.topology.TopologyStartException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
  private static final long LOOK_MILLIS = 1_000;

  /** Within what a process that is told to stop has stopped. */
  private static final Duration PATIENCE = Duration.ofSeconds(19);

  @Option(
      names = "--roles",
      required = true,
      paramLabel = "LIST",
      description = "Roles, comma-separated.")
  String roles = "";

  @Option(names = "--create", description = "Creates missing topics, keyspaces and tables first.")
  boolean create;

  @Mixin ConfiguredServers servers = new ConfiguredServers();

  private final GlobalOptions global;
  private final Surroundings surroundings;

  RunCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Shutdown shutdown = Shutdown.ofThisThread(PATIENCE);
        InstanceSlot slot = servers.slot(surroundings)) {
      DeploymentSettings settings = servers.settings(global, surroundings, slot);
      servers.refusePublishedOperatorKey(settings);
      RoleSelection selection = selection(settings);
      if (selection.api()) {
        new EmbeddedCommand(global, surroundings)
            .requireFree(settings.http().host(), settings.http().port(), "http.port");
      }
      Logs.ofRoles(global.quiet);
      // From here on it only waits or works; being told to stop is the normal end of both.
      shutdown.isNormalEnd();
      start(settings, selection, shutdown);
      return ExitCodes.DONE;
    }
  }

  private void start(DeploymentSettings settings, RoleSelection selection, Shutdown shutdown) {
    try {
      run(settings, selection, shutdown);
    } catch (TopologyStartException e) {
      throw OperationException.usage(String.valueOf(e.getMessage()));
    } catch (InterruptedException | KafkaException | WriteException | OperationException e) {
      if (!shutdown.requested()) {
        throw ServerFaults.of("roles " + roles + " were not started", e);
      }
      LOG.info("Stopped before all roles were started");
    }
  }

  private void run(DeploymentSettings settings, RoleSelection selection, Shutdown shutdown)
      throws InterruptedException {
    AvroSerdes serdes = AvroSerdes.of(settings.registry().serdeProperties());
    if (!selection.topology() && !selection.api()) {
      // A sink knows no tenants: what its rows need is in its records.
      run(settings, serdes, FixedTenants.of(), selection, () -> createMissing(settings), shutdown);
      return;
    }
    try (TenantFeed tenants =
        TenantFeed.begin(
            settings.kafka().clientProperties(),
            settings.kafka().topics().tenants(),
            servers.tenantRules(settings),
            serdes)) {
      run(
          settings,
          serdes,
          tenants,
          selection,
          () -> {
            createMissing(settings);
            tenants.awaitLoaded();
          },
          shutdown);
    }
  }

  private void run(
      DeploymentSettings settings,
      AvroSerdes serdes,
      TenantDirectory tenants,
      RoleSelection selection,
      RunningRoles.Preparation preparation,
      Shutdown shutdown)
      throws InterruptedException {
    try (RunningRoles running =
        RunningRoles.start(
            new RoleContext(
                settings, serdes, tenants, RoleContext.metersOfJvm(), Clock.systemUTC()),
            selection,
            preparation)) {
      LOG.info("Roles {} are started", roles);
      watch(running, shutdown);
    }
  }

  /** Servers that are unavailable are awaited; what they refuse ends the command. */
  private void createMissing(DeploymentSettings settings) throws InterruptedException {
    boolean done = !create;
    while (!done) {
      try {
        try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka())) {
          admin.requireReachable();
        }
        Provisioning.createTopics(settings.operations());
        Provisioning.createSchemas(settings.tiers());
        done = true;
      } catch (OperationException | WriteException fault) {
        OperationException known = ServerFaults.of("tables", fault);
        if (known.kind() != OperationException.Kind.UNREACHABLE) {
          throw known;
        }
        LOG.info("Creating topics and tables failed, retrying: {}", known.getMessage());
        Thread.sleep(LOOK_MILLIS);
      }
    }
  }

  /** A role that has given up ends the process, so that whoever started it sees it. */
  private static void watch(RunningRoles running, Shutdown shutdown) {
    try {
      while (!shutdown.requested()) {
        List<String> failures = running.failures();
        if (!failures.isEmpty()) {
          throw OperationException.negative(String.join("; ", failures));
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
      throw OperationException.usage("--roles " + roles + ": " + e.getMessage());
    }
  }
}
