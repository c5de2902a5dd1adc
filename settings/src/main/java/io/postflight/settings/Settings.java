package io.postflight.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All settings of one deployment, read and checked: every key is known and every value is allowed.
 */
final class Settings {
  private final Config config;

  private Settings(Config config) {
    this.config = config;
  }

  /**
   * Checks every key and value.
   *
   * @param config what was read, resolved, defaults included
   * @throws ConfigurationException for the first unknown key or bad value
   */
  static Settings checked(Config config) {
    Settings settings = new Settings(config);
    new KnownKeys(settings.tierNames()).check(config.root());
    for (Setting<?> setting : Catalogue.all()) {
      if (setting.path().contains("*")) {
        settings.tierNames().forEach(tier -> settings.get(setting, tier));
      } else {
        settings.get(setting);
      }
    }
    return settings;
  }

  /** Names of the tiers, in no particular order. */
  List<String> tierNames() {
    return namesIn(config);
  }

  static List<String> namesIn(Config config) {
    return config.hasPath("tiers")
        ? config.getObject("tiers").entrySet().stream()
            .filter(entry -> entry.getValue().valueType() == ConfigValueType.OBJECT)
            .map(Map.Entry::getKey)
            .sorted()
            .toList()
        : List.of();
  }

  /** Value of a setting. */
  <T> T get(Setting<T> setting) {
    return parsed(setting, setting.path(), setting.path());
  }

  /** Value of a tier's setting: its own, else that of the tier defaults. */
  <T> T get(Setting<T> setting, String tier) {
    String own = ConfigUtil.joinPath("tiers", tier, lastElement(setting.path()));
    String fallback = Catalogue.TIER_DEFAULTS + '.' + lastElement(setting.path());
    return parsed(setting, setting.of(tier), config.hasPath(own) ? own : fallback);
  }

  /** What goes to every Kafka client as it is, such as {@code security.protocol}. */
  Map<String, String> kafkaClient() {
    Map<String, String> properties = new LinkedHashMap<>();
    if (config.hasPath(Catalogue.KAFKA_CLIENT)) {
      flatten("", config.getObject(Catalogue.KAFKA_CLIENT), properties);
    }
    return properties;
  }

  private <T> T parsed(Setting<T> setting, String name, String path) {
    Kind<T> kind = setting.kind();
    if (!config.hasPath(path)) {
      throw new ConfigurationException(name + " is not set; it must be " + kind.allowed());
    }
    ConfigValue value = config.getValue(path);
    Object raw = value.unwrapped();
    try {
      return kind.parser().apply(raw);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw ConfigurationException.badValue(
          name,
          kind.secret() ? "***" : raw.toString(),
          "it must be " + kind.allowed(),
          value.origin().description());
    }
  }

  private static void flatten(String prefix, ConfigObject object, Map<String, String> into) {
    object.forEach(
        (name, value) -> {
          String path = prefix.isEmpty() ? name : prefix + '.' + name;
          if (value instanceof ConfigObject nested) {
            flatten(path, nested, into);
          } else if (value.valueType() != ConfigValueType.NULL) {
            into.put(path, String.valueOf(value.unwrapped()));
          }
        });
  }

  private static String lastElement(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
