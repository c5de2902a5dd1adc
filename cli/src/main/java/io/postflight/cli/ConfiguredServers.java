package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.demo.embedded.DevServers;
import io.postflight.demo.embedded.DevTenants;
import io.postflight.demo.embedded.Endpoints;
import io.postflight.demo.embedded.InstanceSlot;
import io.postflight.demo.embedded.RunningStack;
import io.postflight.demo.embedded.RunningStacks;
import io.postflight.operations.OperationException;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which servers a command works on: those that the user names, else those of a {@code dev} that
 * runs here, else those that the settings have by default. The command says on standard error which
 * they are.
 */
final class ConfiguredServers implements ReadsSettings {
  private static final String HTTP_PORT = "http.port";

  @Option(
      names = "--servers",
      paramLabel = "DIR",
      description =
          "Uses the servers of the 'postflight dev' (or 'dev --servers-only') running in this"
              + " data directory instead of the configured ones. Without configured servers (no"
              + " --config, --set or environment variable with an address), commands other"
              + " than run use a running dev.")
  @Nullable Path servers;

  /** The {@code endpoints.json} of the dev that it works on; null: it works on none. */
  private @Nullable Path dev;

  /**
   * Settings for a command that comes and goes: if nothing names servers, and a {@code dev} or
   * {@code demo --stay} runs here, it works on that one's, as commands that read do.
   */
  DeploymentSettings settings(GlobalOptions global, CommandEnvironment environment) {
    dev = stack(global, environment).orElse(null);
    if (dev == null) {
      return named(global, environment);
    }
    Endpoints endpoints = DevServers.read(dev);
    DeploymentSettings settings =
        on(endpoints, global, environment, Map.of(HTTP_PORT, port(endpoints)));
    announce(settings, "dev in " + dev.getParent(), global, environment);
    return settings;
  }

  /**
   * Whether there are servers to work on: the settings or the user name them, or a dev runs here.
   */
  boolean any(GlobalOptions global, CommandEnvironment environment) {
    return !global.serversNamedBy(environment).isEmpty() || stack(global, environment).isPresent();
  }

  private Optional<Path> stack(GlobalOptions global, CommandEnvironment environment) {
    if (servers != null) {
      return Optional.of(endpointsFile(global, environment));
    }
    return global.serversNamedBy(environment).isEmpty()
        ? new RunningStacks(environment.variables(), environment.workingDirectory())
            .only(any -> true, "--servers", stack -> stack.directory().toString())
            .map(RunningStack::file)
        : Optional.empty();
  }

  private static DeploymentSettings named(GlobalOptions global, CommandEnvironment environment) {
    DeploymentSettings settings = global.settings(environment);
    List<String> named = global.serversNamedBy(environment);
    announce(
        settings, named.isEmpty() ? "defaults" : String.join(", ", named), global, environment);
    return settings;
  }

  /**
   * Keeps the API key that was made for a tenant where other commands find it, if this command
   * works on a {@code dev}: they then act as that tenant without being given its key.
   */
  void remember(Tenant tenant, String apiKey) {
    if (dev == null) {
      return;
    }
    DevServers.remember(dev, tenant, apiKey);
  }

  private static void announce(
      DeploymentSettings settings,
      String source,
      GlobalOptions global,
      CommandEnvironment environment) {
    Map<String, List<String>> tiersOf = new LinkedHashMap<>();
    settings
        .tiers()
        .forEach(
            tier ->
                tiersOf
                    .computeIfAbsent(
                        String.join(",", tier.cluster().contactPoints()), at -> new ArrayList<>())
                    .add(tier.name()));
    List<String> parts = new ArrayList<>();
    parts.add("Kafka " + settings.kafka().bootstrapServers());
    parts.add("registry " + settings.registry().url());
    tiersOf.forEach((at, tiers) -> parts.add("CQL " + at + " (" + String.join(" ", tiers) + ')'));
    global.announce(environment, String.join(", ", parts) + " [" + source + ']');
  }

  /**
   * A place of its own for a process that stays, if it works on the servers of a {@code dev}; null
   * if the settings say where its state is.
   */
  @Nullable InstanceSlot slot(CommandEnvironment environment) {
    if (servers == null) {
      return null;
    }
    return InstanceSlot.take(directory(environment).resolve("state"));
  }

  /** Settings for a process that stays. */
  DeploymentSettings settings(
      GlobalOptions global, CommandEnvironment environment, @Nullable InstanceSlot slot) {
    if (slot == null) {
      return named(global, environment);
    }
    Path file = endpointsFile(global, environment);
    Endpoints endpoints = DevServers.read(file);
    Map<String, String> own = new LinkedHashMap<>();
    own.put("topology.stateDir", slot.directory().resolve("topology").toString());
    own.put("topology.instanceId", slot.name());
    own.put("sink.stateDir", slot.directory().resolve("sink").toString());
    own.put(HTTP_PORT, port(endpoints));
    DeploymentSettings settings = on(endpoints, global, environment, own);
    announce(settings, "dev in " + file.getParent(), global, environment);
    return settings;
  }

  /** What tenants must be like: only servers of a {@code dev} take keys that everybody knows. */
  TenantRules tenantRules(DeploymentSettings settings) {
    TenantRules rules = TenantRules.withTiers(settings.tierNames());
    return dev != null || servers != null ? rules : rules.refusingPublished(DevTenants.published());
  }

  /** Whoever may see everything must have a key of their own, outside a {@code dev}. */
  void refusePublishedOperatorKey(DeploymentSettings settings) {
    settings
        .http()
        .operatorKey()
        .sha256()
        .filter(hash -> dev == null && servers == null && DevTenants.published().contains(hash))
        .ifPresent(
            hash -> {
              throw OperationException.usage(
                  "http.operatorKeyHash is the hash of the public key of 'postflight dev';"
                      + " create your own key: 32 random characters or more");
            });
  }

  private static DeploymentSettings on(
      Endpoints endpoints,
      GlobalOptions global,
      CommandEnvironment environment,
      Map<String, String> own) {
    DeploymentSettings settings = global.settingsForServers(environment, own);
    return DevServers.on(endpoints, settings);
  }

  private static String port(Endpoints endpoints) {
    return Integer.toString(URI.create(endpoints.http()).getPort());
  }

  private Path endpointsFile(GlobalOptions global, CommandEnvironment environment) {
    global.refuseServers("--servers " + servers + " names the servers");
    return directory(environment).resolve(Endpoints.FILE);
  }

  private Path directory(CommandEnvironment environment) {
    Path given = environment.resolve(servers == null ? Path.of("") : servers);
    return Files.isRegularFile(given) && given.getParent() != null ? given.getParent() : given;
  }
}
