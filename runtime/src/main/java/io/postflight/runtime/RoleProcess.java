package io.postflight.runtime;

import io.postflight.operations.OperationException;
import io.postflight.operations.admin.Provisioning;
import io.postflight.operations.admin.ServerFaults;
import io.postflight.operations.admin.TopicFormatCheck;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.directory.TenantDirectory;
import io.postflight.schema.directory.TenantFeed;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.log.ThrottledLog;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.settings.DeploymentSettings;
import io.postflight.store.StoreException;
import io.postflight.topology.TopologyStartException;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that runs roles until a stop is requested, or one of them fails. */
public final class RoleProcess {
  private static final Logger LOG = LoggerFactory.getLogger(RoleProcess.class);
  private static final long POLL_MILLIS = 1_000;
  private static final int POLLS_PER_LINE = 30;

  private final DeploymentSettings settings;
  private final TenantRules rules;
  private final boolean create;
  private final Shutdown shutdown;

  /**
   * A process of a deployment.
   *
   * @param rules that tenants must satisfy
   * @param create first creates the topics, keyspaces and tables that are missing
   * @param shutdown of this process
   */
  public RoleProcess(
      DeploymentSettings settings, TenantRules rules, boolean create, Shutdown shutdown) {
    this.settings = settings;
    this.rules = rules;
    this.create = create;
    this.shutdown = shutdown;
  }

  /**
   * Runs roles; returns when a stop was requested and they have stopped.
   *
   * @param names names of the roles
   * @throws OperationException if they cannot be started, or one has failed
   */
  public void run(RoleSelection selection, String names) {
    try {
      runWithTenants(selection, names);
    } catch (TopologyStartException e) {
      throw OperationException.usage(String.valueOf(e.getMessage()));
    } catch (InterruptedException | KafkaException | StoreException | OperationException e) {
      if (!shutdown.requested()) {
        throw ServerFaults.of("roles " + names + " were not started", e);
      }
      LOG.info("Stopped before all roles were started");
    }
  }

  private void runWithTenants(RoleSelection selection, String names) throws InterruptedException {
    AvroSerdes serdes = AvroSerdes.of(settings.registry().serdeProperties());
    if (!selection.topology() && !selection.api()) {
      // A sink needs no tenants: its records contain everything that its rows need.
      run(context(serdes, FixedTenants.of()), selection, names, this::prepare);
      return;
    }
    try (TenantFeed tenants =
        TenantFeed.begin(
            settings.kafka().clientProperties(),
            settings.kafka().topics().tenants(),
            rules,
            serdes)) {
      run(
          context(serdes, tenants),
          selection,
          names,
          () -> {
            prepare();
            tenants.awaitLoaded();
          });
    }
  }

  private RoleContext context(AvroSerdes serdes, TenantDirectory tenants) {
    return new RoleContext(settings, serdes, tenants, RoleContext.metersOfJvm(), Clock.systemUTC());
  }

  private void run(
      RoleContext context,
      RoleSelection selection,
      String names,
      RunningRoles.StartupStep preparation)
      throws InterruptedException {
    try (RunningRoles running = RunningRoles.start(context, selection, preparation)) {
      watch(running, names);
    }
  }

  /** Unavailable servers are awaited; a refusal ends the process. */
  private void prepare() throws InterruptedException {
    ThrottledLog waiting = new ThrottledLog(LOG);
    for (boolean done = false; !done; ) {
      try {
        TopicFormatCheck.require(settings.kafka());
        if (create) {
          Provisioning.createTopics(settings.operations());
          Provisioning.createSchemas(settings.tiers());
        }
        done = true;
      } catch (OperationException | StoreException fault) {
        OperationException known = ServerFaults.of("tables", fault);
        if (known.kind() != OperationException.FailureKind.UNREACHABLE) {
          throw known;
        }
        waiting.warn("servers", "Waiting for a server: {}", known.getMessage());
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  /** A failed role ends the process, so that its supervisor can restart it. */
  private void watch(RunningRoles running, String names) {
    LOG.info("Roles {} are starting", names);
    int polls = 0;
    boolean started = false;
    try {
      while (!shutdown.requested()) {
        running
            .refusal()
            .ifPresent(
                reason -> {
                  throw OperationException.usage(reason);
                });
        List<String> failures = running.failures();
        if (!failures.isEmpty()) {
          throw OperationException.negative(String.join("; ", failures));
        }
        List<String> waiting = started ? List.of() : running.waitingFor();
        if (!started && waiting.isEmpty()) {
          started = true;
          LOG.info("Roles {} are started", names);
        } else if (!started && ++polls % POLLS_PER_LINE == 0) {
          LOG.info("Not started yet: {}", String.join(", ", waiting));
        }
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException requested) {
      LOG.info("Stopping");
    }
  }
}
