package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.operations.OperationException;
import io.postflight.settings.DeploymentSettings;
import io.postflight.settings.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of every subcommand. */
final class GlobalOptions {
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
      description = "Prints stack traces of" + " errors.")
  boolean debug;

  /** Settings for roles against configured servers. */
  DeploymentSettings settings(CommandEnvironment environment) {
    SettingsLoader loader = new SettingsLoader(environment.variables());
    return loader.load(file(environment), assignments);
  }

  /**
   * Where the user says which servers are meant, so that none are looked for: {@code --config},
   * assignments, variables. Empty: nowhere.
   */
  List<String> serversNamedBy(CommandEnvironment environment) {
    List<String> named =
        new ArrayList<>(
            new SettingsLoader(environment.variables())
                .serversNamedBy(file(environment), assignments));
    if (config != null) {
      String given = environment.resolve(config).toString();
      named.remove(given);
      named.add("--config " + config);
    }
    return named;
  }

  /**
   * Refuses assignments of servers where the command has servers of its own.
   *
   * @param whose the servers that it works on, such as {@code "dev starts its own servers"}
   */
  void refuseServers(String whose) {
    List<String> assigned = SettingsLoader.serversAssigned(assignments);
    if (!assigned.isEmpty()) {
      throw OperationException.usage(
          String.join(", ", assigned) + " would have no effect: " + whose + "; remove it");
    }
  }

  /** Says on standard error what the command acts on. */
  void announce(CommandEnvironment environment, String target) {
    if (!quiet) {
      environment.err().println("target: " + target);
      environment.err().flush();
    }
  }

  /** Settings for the embedded servers. */
  DeploymentSettings developmentSettings(CommandEnvironment environment) {
    SettingsLoader loader = new SettingsLoader(environment.variables());
    return loader.loadForDevelopment(file(environment), assignments);
  }

  /** Settings for roles against the servers of a running {@code dev}, with values of their own. */
  DeploymentSettings settingsForServers(
      CommandEnvironment environment, Map<String, String> values) {
    SettingsLoader loader = new SettingsLoader(environment.variables());
    return loader.loadForServers(file(environment), assignments, values);
  }

  private @Nullable Path file(CommandEnvironment environment) {
    if (config != null) {
      return environment.resolve(config);
    }
    Path usual = environment.home().resolve("config").resolve("postflight.conf");
    return Files.isReadable(usual) ? usual : null;
  }
}
