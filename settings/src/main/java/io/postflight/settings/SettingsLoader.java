package io.postflight.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.settings.SettingException;
import io.postflight.schema.settings.SettingsBinder;
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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads settings from, in order of precedence, {@code --set}, environment, file, defaults. */
public final class SettingsLoader {
  private static final String DEVELOPMENT = "io/postflight/settings/dev.conf";
  private static final String PREFIX = "POSTFLIGHT_";
  private static final Config DEFAULTS = SettingKeys.defaults();

  /** What the parser reports for an unclosed brace. */
  private static final String UNCLOSED = "expecting a close parentheses ')' here, not: end of file";

  /** Variables of the launcher and of commands, which are not settings. */
  private static final Set<String> LAUNCHER =
      Set.of(
          "POSTFLIGHT_JAVA17",
          "POSTFLIGHT_JAVA_OPTS",
          "POSTFLIGHT_CACHE_DIR",
          "POSTFLIGHT_API_KEY",
          "POSTFLIGHT_SECRET");

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
   * @param file a HOCON file with settings that differ from the defaults, or null
   * @param assignments {@code key=value}, as given on the command line
   * @throws ConfigurationException if a file cannot be read, a key is unknown or a value is bad
   */
  public DeploymentSettings load(@Nullable Path file, List<String> assignments) {
    return load(file, assignments, ConfigFactory.empty());
  }

  /**
   * Reads and checks for {@code dev} and {@code demo}: {@code config/dev.conf}, with few partitions
   * and one replica of everything, overrides the file.
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
   * @param values by key; they override the file, and are overridden by environment and assignments
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
      Config below = overlay.withFallback(given).withFallback(DEFAULTS);
      Config set = assigned(assignments, below);
      Config all = set.withFallback(fromEnvironment(set.withFallback(below))).withFallback(below);
      return bind(all.resolve());
    } catch (ConfigException e) {
      throw new ConfigurationException(String.valueOf(e.getMessage()));
    }
  }

  private static DeploymentSettings bind(Config config) {
    List<String> tiers = SettingKeys.tiersIn(config);
    new SettingKeys(tiers).check(config.root());
    Map<String, Object> values = new LinkedHashMap<>();
    List<Map<String, Object>> sections = new ArrayList<>();
    tiers.forEach(tier -> sections.add(new LinkedHashMap<>(Map.of("name", tier))));
    for (SettingDefinition definition : SettingKeys.settings()) {
      String key = definition.key();
      if (SettingKeys.ofTier(definition)) {
        for (int i = 0; i < tiers.size(); i++) {
          Object value = required(config, key.replace("*", tiers.get(i)), definition.allowed());
          sections.get(i).put(lastElement(key), value);
        }
      } else {
        values.put(key, required(config, key, definition.allowed()));
      }
    }
    values.put("tiers", sections);
    try {
      return SettingsBinder.bind(DeploymentSettings.class, values);
    } catch (SettingException e) {
      throw located(e, config, tiers);
    }
  }

  private static Object required(Config config, String key, String allowed) {
    return value(config, key)
        .orElseThrow(() -> new ConfigurationException(key + " is not set; it must be " + allowed))
        .unwrapped();
  }

  /** The value of a key; of a tier without one, that of all tiers. */
  private static Optional<ConfigValue> value(Config config, String key) {
    return Stream.of(key, key.replaceFirst("^tiers\\.[^.]+", SettingKeys.TIER_DEFAULTS))
        .map(SettingKeys::quoted)
        .filter(config::hasPath)
        .findFirst()
        .map(config::getValue);
  }

  /** The exception with the key as in the configuration, and with its source. */
  private static ConfigurationException located(
      SettingException e, Config config, List<String> tiers) {
    String key = e.key();
    String section = "";
    if (key.startsWith("tiers.")) {
      String[] elements = key.split("\\.", 3);
      section = "tiers." + tiers.get(Integer.parseInt(elements[1]));
      key = elements.length < 3 ? section : section + '.' + elements[2];
    }
    String value = e.value();
    if (value == null) {
      return new ConfigurationException(
          section.isEmpty() ? e.reason() : section + ": " + e.reason());
    }
    String source = value(config, key).orElseThrow().origin().description();
    return ConfigurationException.badValue(key, value, e.reason(), source);
  }

  private static String lastElement(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /**
   * The sources that name servers: {@code --set KEY}, names of environment variables, the file if a
   * value in it is not the default. Empty: none.
   *
   * @throws ConfigurationException if the file cannot be read or a key is unknown
   */
  public List<String> serversNamedBy(@Nullable Path file, List<String> assignments) {
    Config given = file == null ? ConfigFactory.empty() : parse(file);
    Config below = given.withFallback(DEFAULTS);
    SettingKeys known = new SettingKeys(SettingKeys.tiersIn(assigned(assignments, below)));
    List<String> named = new ArrayList<>(given(assignments, known, SettingKeys::namesServers));
    if (file != null && !serverKeysIn(given, known).isEmpty()) {
      named.add(file.toString());
    }
    return named;
  }

  /**
   * The keys of a file that say which servers are meant, sorted; of values that are the default,
   * none.
   *
   * @throws ConfigurationException if the file cannot be read
   */
  public List<String> serverKeysIn(Path file) {
    Config given = parse(file);
    return serverKeysIn(given, new SettingKeys(SettingKeys.tiersIn(given.withFallback(DEFAULTS))));
  }

  private static List<String> serverKeysIn(Config given, SettingKeys known) {
    List<String> keys = new ArrayList<>();
    if (given.hasPath(SettingKeys.KAFKA_CLIENT) && !clientOf(given).isEmpty()) {
      keys.add(SettingKeys.KAFKA_CLIENT);
    }
    known.all().stream().filter(path -> namesOtherServer(given, path)).forEach(keys::add);
    return keys;
  }

  /**
   * The assignments, as {@code --set KEY}, and the environment variables of some keys.
   *
   * @throws ConfigurationException if a key is unknown
   */
  public List<String> given(List<String> assignments, Predicate<String> keys) {
    Config set = assigned(assignments, DEFAULTS).withFallback(DEFAULTS);
    return given(assignments, new SettingKeys(SettingKeys.tiersIn(set)), keys);
  }

  private List<String> given(List<String> assignments, SettingKeys known, Predicate<String> keys) {
    List<String> given = new ArrayList<>();
    for (String assignment : assignments) {
      String key = assignment.split("=", 2)[0].trim().replace("\"", "");
      if (keys.test(key)) {
        given.add("--set " + key);
      }
    }
    for (String name : new TreeSet<>(environment.keySet())) {
      if (isSetting(name, known)
          && known
              .sameLetters(name.substring(PREFIX.length()))
              .or(() -> clientProperty(name).map(key -> SettingKeys.KAFKA_CLIENT + '.' + key))
              .filter(keys)
              .isPresent()) {
        given.add(name);
      }
    }
    return given;
  }

  /**
   * Rejects environment variables that are no settings. Variables of tiers are accepted: a file may
   * have tiers of any name.
   *
   * @throws ConfigurationException naming one
   */
  public void requireKnownVariables() {
    SettingKeys known = new SettingKeys(SettingKeys.tiersIn(DEFAULTS));
    for (String name : environment.keySet()) {
      if (isSetting(name, known)
          && !name.startsWith(PREFIX + "TIERS_")
          && known.sameLetters(name.substring(PREFIX.length())).isEmpty()
          && clientProperty(name).isEmpty()) {
        throw unknownVariable(name, known);
      }
    }
  }

  private static ConfigurationException unknownVariable(String name, SettingKeys known) {
    return new ConfigurationException(
        "environment variable "
            + name
            + " is not a setting: "
            + known.suggestedVariable(name, LAUNCHER)
            + "docs/configuration.md lists them all; unset it or correct it");
  }

  private static ConfigObject clientOf(Config config) {
    return config.getObject(SettingKeys.KAFKA_CLIENT);
  }

  private static boolean namesOtherServer(Config given, String path) {
    String key = SettingKeys.quoted(path);
    return SettingKeys.namesServers(path)
        && given.hasPath(key)
        && !(DEFAULTS.hasPath(key)
            && text(given.getValue(key)).equals(text(DEFAULTS.getValue(key))));
  }

  private static String text(ConfigValue value) {
    return value.unwrapped() instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
        : String.valueOf(value.unwrapped());
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
      return parsed.resolveWith(parsed.withFallback(DEFAULTS).resolve());
    } catch (ConfigException e) {
      throw new ConfigurationException(
          "--config "
              + file
              + " cannot be read: "
              + String.valueOf(e.getMessage())
                  .replaceAll("\\s*\\R\\s*", " ")
                  .replace(UNCLOSED, "'}' is missing at the end of the file"));
    }
  }

  private static Config assigned(List<String> assignments, Config below) {
    Config set = ConfigFactory.empty();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals <= 0) {
        throw new ConfigurationException("--set " + assignment + ": it must be key=value");
      }
      String path = SettingKeys.quoted(assignment.substring(0, equals).trim());
      String value = assignment.substring(equals + 1).trim();
      set =
          ConfigFactory.empty()
              .withValue(path, ConfigValueFactory.fromAnyRef(value, "--set"))
              .withFallback(set);
    }
    new SettingKeys(SettingKeys.tiersIn(set.withFallback(below))).check(set.root());
    return set;
  }

  private Config fromEnvironment(Config below) {
    SettingKeys known = new SettingKeys(SettingKeys.tiersIn(below));
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
        found = found.withValue(SettingKeys.quoted(path.get()), value(variable));
      } else if (property.isPresent()) {
        client.put(property.get(), variable.getValue());
      } else {
        throw unknownVariable(name, known);
      }
    }
    for (Map.Entry<String, String> property : client.entrySet()) {
      found =
          found.withValue(
              SettingKeys.KAFKA_CLIENT + '.' + ConfigUtil.quoteString(property.getKey()),
              ConfigValueFactory.fromAnyRef(property.getValue()));
    }
    return found;
  }

  private static ConfigValue value(Map.Entry<String, String> variable) {
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
   * Variables of the launcher, the API key, and variables that Kubernetes sets for a service named
   * postflight are not settings, unless they have the name of one.
   */
  private static boolean isSetting(String name, SettingKeys known) {
    return name.startsWith(PREFIX)
        && !LAUNCHER.contains(name)
        && (known.sameLetters(name.substring(PREFIX.length())).isPresent()
            || !name.matches("POSTFLIGHT_(\\w+_)?(SERVICE_(HOST|PORT\\w*)|PORT(_\\d+_\\w+)?)"));
  }
}
