package io.postflight.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings from where they may stand. What comes first wins: {@code --set}, environment,
 * file, defaults.
 */
public final class SettingsLoader {
  /** Name of the resource that has every key with its default. */
  static final String REFERENCE = "io/postflight/settings/postflight.conf";

  private static final String DEVELOPMENT = "io/postflight/settings/dev.conf";
  private static final String PREFIX = "POSTFLIGHT_";

  /** Variables of the launcher and of commands, which are no settings. */
  private static final Set<String> LAUNCHER =
      Set.of(
          "POSTFLIGHT_JAVA17",
          "POSTFLIGHT_JAVA_OPTS",
          "POSTFLIGHT_CACHE_DIR",
          "POSTFLIGHT_API_KEY");

  private final Map<String, String> environment;

  /**
   * Creates the loader.
   *
   * @param environment environment variables
   */
  public SettingsLoader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads and checks.
   *
   * @param file a HOCON file with what differs from the defaults, or null
   * @param assignments {@code key=value}, as given on the command line
   * @throws ConfigurationException if a file cannot be read, a key is unknown or a value is bad
   */
  public DeploymentSettings load(@Nullable Path file, List<String> assignments) {
    return load(file, assignments, ConfigFactory.empty());
  }

  /**
   * Reads and checks for {@code dev} and {@code demo}: what {@code config/dev.conf} says, such as
   * few partitions and one copy of everything, stands above the file.
   *
   * @throws ConfigurationException if a file cannot be read, a key is unknown or a value is bad
   */
  public DeploymentSettings loadForDevelopment(@Nullable Path file, List<String> assignments) {
    return load(file, assignments, resource(DEVELOPMENT));
  }

  /**
   * Reads and checks for roles against the servers of a running {@code dev --servers-only}: as
   * {@link #loadForDevelopment}, with some values of their own instead of the file's.
   *
   * @param values by key, above the file and below environment and assignments
   * @throws ConfigurationException if a file cannot be read, a key is unknown or a value is bad
   */
  public DeploymentSettings loadForServers(
      @Nullable Path file, List<String> assignments, Map<String, String> values) {
    Config own = ConfigFactory.empty();
    for (Map.Entry<String, String> value : values.entrySet()) {
      own =
          own.withValue(
              value.getKey(), ConfigValueFactory.fromAnyRef(value.getValue(), "--servers"));
    }
    return load(file, assignments, own.withFallback(resource(DEVELOPMENT)));
  }

  private DeploymentSettings load(@Nullable Path file, List<String> assignments, Config overlay) {
    try {
      Config given = file == null ? ConfigFactory.empty() : parse(file);
      Config below = overlay.withFallback(given).withFallback(reference());
      Config set = assigned(assignments, below);
      Config all = set.withFallback(fromEnvironment(set.withFallback(below))).withFallback(below);
      return new TypedSettings(Settings.checked(all.resolve())).deployment();
    } catch (ConfigException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * What says which servers are meant: {@code --set KEY}, names of environment variables, the file
   * if a value in it is not the default. Empty: nothing does.
   *
   * @throws ConfigurationException if the file cannot be read or a key is unknown
   */
  public List<String> serversNamedBy(@Nullable Path file, List<String> assignments) {
    Config given = file == null ? ConfigFactory.empty() : parse(file);
    Config below = given.withFallback(reference());
    KnownKeys known = new KnownKeys(Settings.namesIn(assigned(assignments, below)));
    List<String> named = new ArrayList<>(serversAssigned(assignments));
    for (String name : new TreeSet<>(environment.keySet())) {
      if (isSetting(name, known)
          && (clientProperty(name).isPresent()
              || known
                  .sameLetters(name.substring(PREFIX.length()))
                  .filter(known::namesServers)
                  .isPresent())) {
        named.add(name);
      }
    }
    boolean client = given.hasPath(Catalogue.KAFKA_CLIENT) && !clientOf(given).isEmpty();
    if (file != null
        && (client || known.all().stream().anyMatch(path -> namesOtherServer(given, path)))) {
      named.add(file.toString());
    }
    return named;
  }

  /** Those of the assignments that say which servers are meant, as {@code --set KEY}. */
  public static List<String> serversAssigned(List<String> assignments) {
    KnownKeys known = new KnownKeys(List.of());
    return assignments.stream()
        .map(assignment -> assignment.split("=", 2)[0].trim().replace("\"", ""))
        .filter(known::namesServers)
        .map(path -> "--set " + path)
        .toList();
  }

  private static ConfigObject clientOf(Config config) {
    return config.getObject(Catalogue.KAFKA_CLIENT);
  }

  private static boolean namesOtherServer(Config given, String path) {
    String key = quoted(path);
    return new KnownKeys(List.of()).namesServers(path)
        && given.hasPath(key)
        && !(reference().hasPath(key)
            && given.getValue(key).unwrapped().equals(reference().getValue(key).unwrapped()));
  }

  static Config reference() {
    return resource(REFERENCE);
  }

  private static Config resource(String name) {
    return ConfigFactory.parseResources(
        SettingsLoader.class.getClassLoader(),
        name,
        ConfigParseOptions.defaults().setAllowMissing(false));
  }

  private static Config parse(Path file) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new ConfigurationException(
          "--config " + file + ": the file does not exist or is not readable");
    }
    try {
      Config parsed =
          ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
      return parsed.resolveWith(parsed.withFallback(reference()).resolve());
    } catch (ConfigException e) {
      throw new ConfigurationException(
          "--config "
              + file
              + " cannot be read: "
              + String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " "));
    }
  }

  private static Config assigned(List<String> assignments, Config below) {
    Config set = ConfigFactory.empty();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals <= 0) {
        throw new ConfigurationException("--set " + assignment + ": it must be key=value");
      }
      String path = quoted(assignment.substring(0, equals).trim());
      String value = assignment.substring(equals + 1).trim();
      set =
          ConfigFactory.empty()
              .withValue(path, ConfigValueFactory.fromAnyRef(value, "--set"))
              .withFallback(set);
    }
    new KnownKeys(Settings.namesIn(set.withFallback(below))).check(set.root());
    return set;
  }

  /** The path with each element quoted, so that {@code 30d} and the like are taken as they are. */
  private static String quoted(String path) {
    return ConfigUtil.joinPath(
        path.contains("\"") ? ConfigUtil.splitPath(path) : List.of(path.split("\\.")));
  }

  private Config fromEnvironment(Config below) {
    KnownKeys known = new KnownKeys(Settings.namesIn(below));
    Map<String, String> client = new LinkedHashMap<>();
    Config found = ConfigFactory.empty();
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String name = variable.getKey();
      if (!isSetting(name, known)) {
        continue;
      }
      Optional<String> path = known.sameLetters(name.substring(PREFIX.length()));
      Optional<String> property = clientProperty(name);
      if (path.isPresent()) {
        found = found.withValue(quoted(path.get()), value(variable));
      } else if (property.isPresent()) {
        client.put(property.get(), variable.getValue());
      } else {
        throw new ConfigurationException(
            "environment variable "
                + name
                + " is not a setting: did you mean "
                + known.nearestVariable(name, LAUNCHER)
                + "? docs/configuration.md lists them all; unset it or correct it");
      }
    }
    for (Map.Entry<String, String> property : client.entrySet()) {
      found =
          found.withValue(
              Catalogue.KAFKA_CLIENT + '.' + ConfigUtil.quoteString(property.getKey()),
              ConfigValueFactory.fromAnyRef(property.getValue()));
    }
    return found;
  }

  private static com.typesafe.config.ConfigValue value(Map.Entry<String, String> variable) {
    return ConfigValueFactory.fromAnyRef(
        variable.getValue(), "environment variable " + variable.getKey());
  }

  /** {@code POSTFLIGHT_KAFKA_CLIENT_SECURITY_PROTOCOL} is {@code security.protocol}. */
  private static Optional<String> clientProperty(String name) {
    String prefix = PREFIX + "KAFKA_CLIENT_";
    return name.startsWith(prefix) && name.length() > prefix.length()
        ? Optional.of(name.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '.'))
        : Optional.empty();
  }

  /**
   * Variables of the launcher and the API key, and those that Kubernetes sets for a service named
   * postflight, are none of ours; one that names a setting is, whatever else sets such names.
   */
  private static boolean isSetting(String name, KnownKeys known) {
    return name.startsWith(PREFIX)
        && !LAUNCHER.contains(name)
        && (known.sameLetters(name.substring(PREFIX.length())).isPresent()
            || !name.matches("POSTFLIGHT_(\\w+_)?(SERVICE_(HOST|PORT\\w*)|PORT(_\\d+_\\w+)?)"));
  }
}
