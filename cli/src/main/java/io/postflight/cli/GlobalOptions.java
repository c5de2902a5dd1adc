package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.settings.DeploymentSettings;
import io.postflight.settings.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of every subcommand, and the environment that they are read in. */
final class GlobalOptions {
  private static final String REPLICATION_OF_TIERS = "(tiers\\.[^.]+|tierDefaults)\\.replication";

  final CommandEnvironment environment;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Settings that differ from the defaults (default: config/postflight.conf).")
  @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      scope = ScopeType.INHERIT,
      description = "A setting; overrides file and environment. May be repeated.")
  List<String> assignments = new ArrayList<>();

  @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "Suppresses progress output.")
  boolean quiet;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Prints stack traces of errors.")
  boolean debug;

  GlobalOptions(CommandEnvironment environment) {
    this.environment = environment;
  }

  /** Settings for roles against configured servers. */
  DeploymentSettings settings() {
    return loader().load(file(), assignments);
  }

  /** Settings for the embedded servers. */
  DeploymentSettings developmentSettings() {
    return loader().loadForDevelopment(file(), assignments);
  }

  /** Settings for roles against the servers of a running {@code dev}, with values of their own. */
  DeploymentSettings settingsForServers(Map<String, String> values) {
    return loader().loadForServers(file(), assignments, values);
  }

  /**
   * Where the user names the servers, so that none are discovered: {@code --config}, assignments,
   * variables. Empty: nowhere.
   */
  List<String> serversNamedBy() {
    List<String> named = new ArrayList<>(loader().serversNamedBy(file(), assignments));
    if (config != null) {
      named.remove(environment.resolve(config).toString());
      named.add("--config " + config);
    }
    return named;
  }

  /**
   * Refuses settings that name servers where the command has servers of its own, and other settings
   * that these servers determine. The default file is not refused: it may be for other commands.
   *
   * @param whose the servers of the command, such as {@code "dev starts its own servers"}
   * @param determined keys that cannot be set by assignments and variables either
   */
  void refuseServers(String whose, String... determined) {
    Set<String> refused = new LinkedHashSet<>(loader().serversNamedBy(file(), assignments));
    if (refused.remove(String.valueOf(file())) && config != null) {
      List<String> keys = loader().serverKeysIn(environment.resolve(config));
      refused.add("--config " + config + " (" + String.join(", ", keys) + ")");
    }
    refused.addAll(
        loader()
            .given(
                assignments,
                key -> List.of(determined).contains(key) || key.matches(REPLICATION_OF_TIERS)));
    if (!refused.isEmpty()) {
      throw OperationException.usage(
          String.join(", ", refused) + " would have no effect: " + whose + "; remove it");
    }
  }

  /** Refuses environment variables that look like settings and are none. */
  void requireKnownVariables() {
    loader().requireKnownVariables();
  }

  /** Prints what the command acts on to standard error. */
  void announce(String target) {
    if (!quiet) {
      environment.err().println("target: " + target);
    }
  }

  private SettingsLoader loader() {
    return new SettingsLoader(environment.variables());
  }

  private @Nullable Path file() {
    if (config != null) {
      return environment.resolve(config);
    }
    Path usual = environment.home().resolve("config").resolve("postflight.conf");
    return Files.isReadable(usual) ? usual : null;
  }
}
