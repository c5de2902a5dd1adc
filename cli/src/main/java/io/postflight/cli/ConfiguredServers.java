package io.postflight.cli;

import io.postflight.demo.embedded.DevServers;
import io.postflight.demo.embedded.DevTenants;
import io.postflight.demo.embedded.Endpoints;
import io.postflight.demo.embedded.InstanceSlot;
import io.postflight.demo.embedded.RunningStack;
import io.postflight.operations.OperationException;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Determines the servers of a command: those that the user names, else those of a running {@code
 * dev}, else the defaults of the settings. A line on standard error names them.
 */
final class ConfiguredServers implements SettingsAware {
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

  /** The {@code endpoints.json} of the dev that is used; null: none. */
  private @Nullable Path dev;

  /** Settings for a command that ends by itself, which uses a running dev. */
  DeploymentSettings settings(GlobalOptions global) {
    dev = stack(global).orElse(null);
    return dev == null ? named(global) : ofDev(dev, global, Map.of());
  }

  /**
   * Settings for a process that runs until it is stopped, which uses only a dev that is named.
   *
   * @param slot its own name and state directory; null: the settings contain them
   */
  DeploymentSettings settings(GlobalOptions global, @Nullable InstanceSlot slot) {
    if (slot == null) {
      return named(global);
    }
    return ofDev(
        endpointsFile(global),
        global,
        Map.of(
            "topology.stateDir", slot.directory().resolve("topology").toString(),
            "topology.instanceId", slot.name(),
            "sink.stateDir", slot.directory().resolve("sink").toString()));
  }

  /** Name and state directory for a process on the servers of a dev; null if none is named. */
  @Nullable InstanceSlot slot(GlobalOptions global) {
    return servers == null ? null : InstanceSlot.take(directory(servers, global).resolve("state"));
  }

  /** Whether there are servers to use: the settings or the user name them, or a dev is running. */
  boolean any(GlobalOptions global) {
    return !global.serversNamedBy().isEmpty() || stack(global).isPresent();
  }

  private Optional<Path> stack(GlobalOptions global) {
    if (servers != null) {
      return Optional.of(endpointsFile(global));
    }
    return global.serversNamedBy().isEmpty()
        ? global
            .environment
            .stacks()
            .only(any -> true, "--servers", stack -> stack.directory().toString())
            .map(RunningStack::file)
        : Optional.empty();
  }

  private static DeploymentSettings named(GlobalOptions global) {
    DeploymentSettings settings = global.settings();
    List<String> named = global.serversNamedBy();
    announce(settings, named.isEmpty() ? "defaults" : String.join(", ", named), global);
    return settings;
  }

  private static DeploymentSettings ofDev(
      Path file, GlobalOptions global, Map<String, String> values) {
    Endpoints endpoints = DevServers.read(file);
    Map<String, String> own = new LinkedHashMap<>(values);
    own.put(HTTP_PORT, Integer.toString(URI.create(endpoints.http()).getPort()));
    DeploymentSettings settings = DevServers.on(endpoints, global.settingsForServers(own));
    announce(settings, "dev in " + file.getParent(), global);
    return settings;
  }

  private static void announce(DeploymentSettings settings, String source, GlobalOptions global) {
    global.announce(settings.servers() + " [" + source + ']');
  }

  /** Base address of webhooks of the dev that is used; null: it serves none, or none is used. */
  @Nullable String urlOfDev() {
    return dev == null ? null : DevServers.urlOf(dev);
  }

  /** Stores a new API key in the dev that is used, so that other commands find it. */
  void remember(Tenant tenant, String apiKey) {
    if (dev != null) {
      DevServers.remember(dev, tenant, apiKey);
    }
  }

  /** Rules of tenants: only servers of a {@code dev} accept published keys. */
  TenantRules tenantRules(DeploymentSettings settings) {
    TenantRules rules = TenantRules.withTiers(settings.tierNames());
    return isDev() ? rules : rules.refusingPublished(DevTenants.published());
  }

  /** Refuses the published operator key outside a {@code dev}. */
  void refusePublishedOperatorKey(DeploymentSettings settings) {
    Optional<String> hash = settings.http().operatorKey().sha256();
    if (!isDev() && hash.filter(DevTenants.published()::contains).isPresent()) {
      throw OperationException.usage(
          "http.operatorKeyHash is the hash of the public key of 'postflight dev';"
              + " create your own key: 32 random characters or more");
    }
  }

  private boolean isDev() {
    return dev != null || servers != null;
  }

  private Path endpointsFile(GlobalOptions global) {
    global.refuseServers("--servers " + servers + " names the servers");
    return directory(servers == null ? Path.of("") : servers, global).resolve(Endpoints.FILE);
  }

  private static Path directory(Path servers, GlobalOptions global) {
    Path given = global.environment.resolve(servers);
    return Files.isRegularFile(given) && given.getParent() != null ? given.getParent() : given;
  }
}
