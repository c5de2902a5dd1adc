package io.postflight.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.postflight.schema.settings.Durations;
import io.postflight.schema.settings.SettingDefinition;
import io.postflight.schema.text.NearestName;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The keys that a configuration with certain tiers may have, from the records of the modules. */
final class SettingKeys {
  /** Section with defaults for the sections of all tiers. */
  static final String TIER_DEFAULTS = "tierDefaults";

  /** Section of properties that are passed to every Kafka client unchanged. */
  static final String KAFKA_CLIENT = "kafka.client";

  private static final String ANY_TIER = "tiers.*";
  private static final List<SettingDefinition> DEFINITIONS =
      SettingDefinition.of(DeploymentSettings.class);

  private final TreeSet<String> keys = new TreeSet<>();
  private final Map<String, String> byNormalForm = new HashMap<>();

  /**
   * Creates the set.
   *
   * @param tiers names of the tiers
   */
  SettingKeys(Collection<String> tiers) {
    for (SettingDefinition definition : settings()) {
      String key = definition.key();
      if (ofTier(definition)) {
        keys.add(key.replace(ANY_TIER, TIER_DEFAULTS));
        tiers.forEach(tier -> keys.add(key.replace("*", tier)));
      } else if (!definition.open()) {
        keys.add(key);
      }
    }
    keys.forEach(key -> byNormalForm.put(normalForm(key), key));
  }

  /** All settings and sections, in the order of the reference page. */
  static List<SettingDefinition> definitions() {
    return DEFINITIONS;
  }

  /** All settings, in the order of the reference page. */
  static List<SettingDefinition> settings() {
    return DEFINITIONS.stream().filter(definition -> !definition.isSection()).toList();
  }

  /** Whether each tier has its own value. */
  static boolean ofTier(SettingDefinition definition) {
    return definition.key().startsWith(ANY_TIER + '.');
  }

  /** The configuration without a file: the defaults, and four tiers. */
  static Config defaults() {
    Map<String, Object> values = new HashMap<>();
    for (SettingDefinition definition : settings()) {
      @Nullable Object value = definition.open() ? Map.of() : definition.defaultValue();
      if (value != null) {
        values.put(definition.key().replace(ANY_TIER, TIER_DEFAULTS), value);
      }
    }
    for (int days : List.of(15, 30, 60, 90)) {
      Tier tier = Tier.of(days + "d", Duration.ofDays(days));
      String section = "tiers." + tier.name();
      values.put(section + ".retention", tier.name());
      values.put(section + ".bucketWidth", Durations.format(tier.widths().get(0).width()));
      values.put(section + ".keyspace", "postflight_" + tier.name());
    }
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, Object> value : values.entrySet()) {
      config =
          config.withValue(
              quoted(value.getKey()), ConfigValueFactory.fromAnyRef(value.getValue(), "default"));
    }
    return config;
  }

  /** The key with each element quoted, so that {@code 30d} is parsed as a name. */
  static String quoted(String key) {
    return ConfigUtil.joinPath(
        key.contains("\"") ? ConfigUtil.splitPath(key) : List.of(key.split("\\.")));
  }

  /** Names of the tiers, sorted. */
  static List<String> tiersIn(Config config) {
    return config.hasPath("tiers")
        ? config.getObject("tiers").entrySet().stream()
            .filter(entry -> entry.getValue().valueType() == ConfigValueType.OBJECT)
            .map(Map.Entry::getKey)
            .sorted()
            .toList()
        : List.of();
  }

  /** All keys, sorted. */
  List<String> all() {
    return List.copyOf(keys);
  }

  /** Whether a key names servers, or configures the connection to them. */
  static boolean namesServers(String key) {
    String general = key.replaceFirst("^(tiers\\.[^.]+|tierDefaults)\\.", "tiers.*.");
    return settings().stream()
        .filter(definition -> definition.setting().server())
        .anyMatch(
            definition ->
                definition.open()
                    ? general.startsWith(definition.key() + '.')
                    : general.equals(definition.key()));
  }

  /** Rejects an object with an unknown key. */
  void check(ConfigObject root) {
    check("", root);
  }

  private void check(String prefix, ConfigObject object) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String key = prefix.isEmpty() ? entry.getKey() : prefix + '.' + entry.getKey();
      ConfigValue value = entry.getValue();
      if (key.equals(KAFKA_CLIENT) || value.valueType() == ConfigValueType.NULL) {
        continue;
      }
      if (value instanceof ConfigObject nested) {
        check(key, nested);
      } else if (!keys.contains(key)) {
        throw ConfigurationException.unknownKey(
            key,
            printed(key, value),
            value.origin().description(),
            suggestion(key, keys) + "config/postflight.conf documents all settings");
      }
    }
  }

  /** The value of a misspelled key may be a password. */
  private static String printed(String key, ConfigValue value) {
    return key.matches("(?i).*(password|credential|secret|token).*")
        ? "***"
        : String.valueOf(value.unwrapped());
  }

  /** The key with the same letters and digits, regardless of case and separators. */
  Optional<String> sameLetters(String name) {
    return Optional.ofNullable(byNormalForm.get(normalForm(name)));
  }

  /**
   * The question whether a similar variable was meant; empty if there is none.
   *
   * @param others names of variables that are not settings
   */
  String suggestedVariable(String name, Collection<String> others) {
    List<String> names = new ArrayList<>(others);
    keys.forEach(key -> names.add(variable(key)));
    return suggestion(name, names);
  }

  private static String suggestion(String name, Collection<String> names) {
    return NearestName.closeTo(name, names).map(near -> "did you mean " + near + "? ").orElse("");
  }

  /** The environment variable of a key. */
  static String variable(String key) {
    return "POSTFLIGHT_"
        + key.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .replaceAll("[.-]", "_")
            .toUpperCase(Locale.ROOT);
  }

  private static String normalForm(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }
}
