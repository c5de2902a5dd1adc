package io.postflight.cli;

import io.postflight.cli.config.DeploymentSettings;
import io.postflight.cli.embedded.DevTenants;
import io.postflight.cli.embedded.Endpoints;
import io.postflight.cli.embedded.InstanceSlot;
import io.postflight.cli.embedded.RunningStacks;
import io.postflight.cli.output.CommandException;
import io.postflight.cli.output.Surroundings;
import io.postflight.schema.directory.TenantRules;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which servers a command works on: those that the settings name, or those of a {@code dev} that
 * runs here, if the user says so.
 */
final class ConfiguredServers {
  private static final String HTTP_PORT = "http.port";

  @Option(
      names = "--servers",
      paramLabel = "DIR",
      description =
          "Works on the servers of the 'postflight dev' (or 'dev --servers-only') that runs in this"
              + " data directory, instead of those that the settings name. Where no setting names Kafka,"
              + " commands other than run find a running dev by themselves.")
  @Nullable Path servers;

  private boolean onDev;

  /**
   * Settings for a command that comes and goes: if nobody names servers, and a {@code dev} or
   * {@code demo --stay} runs here, it works on that one's, as commands that read do.
   */
  DeploymentSettings settings(GlobalOptions global, Surroundings surroundings) {
    Optional<Endpoints> stack = stack(global, surroundings);
    onDev = stack.isPresent();
    if (stack.isEmpty()) {
      return global.settings(surroundings);
    }
    Endpoints endpoints = stack.get();
    return on(endpoints, global, surroundings, Map.of(HTTP_PORT, port(endpoints)));
  }

  /**
   * Whether there are servers to work on: the settings or the user name them, or a dev runs here.
   */
  boolean any(GlobalOptions global, Surroundings surroundings) {
    return global.namesKafka(surroundings) || stack(global, surroundings).isPresent();
  }

  private Optional<Endpoints> stack(GlobalOptions global, Surroundings surroundings) {
    if (servers != null) {
      return Optional.of(endpoints(surroundings));
    }
    return global.namesKafka(surroundings)
        ? Optional.empty()
        : new RunningStacks(surroundings.environment(), surroundings.workingDirectory()).find();
  }

  /**
   * A place of its own for a process that stays, if it works on the servers of a {@code dev}; null
   * if the settings say where its state is.
   */
  @Nullable InstanceSlot slot(Surroundings surroundings) {
    if (servers == null) {
      return null;
    }
    return InstanceSlot.take(directory(surroundings).resolve("state"));
  }

  /** Settings for a process that stays. */
  DeploymentSettings settings(
      GlobalOptions global, Surroundings surroundings, @Nullable InstanceSlot slot) {
    if (slot == null) {
      return global.settings(surroundings);
    }
    Endpoints endpoints = endpoints(surroundings);
    Map<String, String> own = new LinkedHashMap<>();
    own.put("topology.stateDir", slot.directory().resolve("topology").toString());
    own.put("topology.instanceId", slot.name());
    own.put("sink.stateDir", slot.directory().resolve("sink").toString());
    own.put(HTTP_PORT, port(endpoints));
    return on(endpoints, global, surroundings, own);
  }

  /** What tenants must be like: only servers of a {@code dev} take keys that everybody knows. */
  TenantRules tenantRules(DeploymentSettings settings) {
    TenantRules rules = TenantRules.withTiers(settings.tierNames());
    return onDev || servers != null ? rules : rules.refusingPublished(DevTenants.published());
  }

  private static DeploymentSettings on(
      Endpoints endpoints,
      GlobalOptions global,
      Surroundings surroundings,
      Map<String, String> own) {
    DeploymentSettings settings = global.settingsForServers(surroundings, own);
    requireSameTiers(endpoints, settings);
    Endpoints.Cql any = endpoints.cql().values().iterator().next();
    return settings.on(
        endpoints.kafka(), endpoints.registry(), any.host() + ':' + any.port(), any.datacenter());
  }

  private static String port(Endpoints endpoints) {
    return Integer.toString(URI.create(endpoints.http()).getPort());
  }

  private static void requireSameTiers(Endpoints endpoints, DeploymentSettings settings) {
    Map<String, String> configured = new LinkedHashMap<>();
    settings.tiers().forEach(tier -> configured.put(tier.name(), tier.cluster().keyspace()));
    Map<String, String> running = new LinkedHashMap<>();
    endpoints.cql().forEach((tier, cql) -> running.put(tier, cql.keyspace()));
    if (!configured.equals(running)) {
      throw CommandException.usage(
          "--servers: that dev was started with the tiers "
              + new TreeSet<>(running.keySet())
              + ", the settings name "
              + new TreeSet<>(configured.keySet())
              + ", or their keyspaces differ: give the same --config and --set");
    }
  }

  private Endpoints endpoints(Surroundings surroundings) {
    Path file = directory(surroundings).resolve(Endpoints.FILE);
    String start = "start 'postflight dev --servers-only --data-dir " + servers + "'";
    Endpoints endpoints;
    try {
      endpoints = Endpoints.read(file);
    } catch (IOException missing) {
      throw CommandException.unreachable(
          "--servers " + servers + ": no dev runs there (no readable " + file + "): " + start,
          missing);
    }
    if (ProcessHandle.of(endpoints.pid()).filter(ProcessHandle::isAlive).isEmpty()) {
      throw CommandException.unreachable(
          "--servers " + servers + ": its dev, process " + endpoints.pid() + ", is gone: " + start,
          null);
    }
    return endpoints;
  }

  private Path directory(Surroundings surroundings) {
    Path given = surroundings.resolve(servers == null ? Path.of("") : servers);
    return Files.isRegularFile(given) && given.getParent() != null ? given.getParent() : given;
  }
}
