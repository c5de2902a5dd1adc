package io.postflight.settings;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The keys that a configuration with certain tiers may have. */
final class KnownKeys {
  private final TreeSet<String> paths = new TreeSet<>();
  private final Map<String, String> byNormalForm = new HashMap<>();

  /**
   * Creates the set.
   *
   * @param tiers names of the tiers
   */
  KnownKeys(List<String> tiers) {
    for (Setting<?> setting : Catalogue.all()) {
      if (setting.path().contains("*")) {
        paths.add(setting.path().replace("tiers.*", Catalogue.TIER_DEFAULTS));
        tiers.forEach(tier -> paths.add(setting.of(tier)));
      } else {
        paths.add(setting.path());
      }
    }
    paths.forEach(path -> byNormalForm.put(normalForm(path), path));
  }

  /** All keys, sorted. */
  List<String> all() {
    return List.copyOf(paths);
  }

  /** Whether a key says which servers are meant, or how they are connected to. */
  boolean namesServers(String path) {
    return path.startsWith(Catalogue.KAFKA_CLIENT + '.')
        || Catalogue.SERVERS.stream()
            .map(Setting::path)
            .anyMatch(
                server ->
                    server.contains("*")
                        ? path.matches("tier(s\\..+|Defaults)\\." + lastElement(server))
                        : server.equals(path));
  }

  private static String lastElement(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /** Refuses an object with a key that no setting has. */
  void check(ConfigObject root) {
    check("", root);
  }

  private void check(String prefix, ConfigObject object) {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      String path = prefix.isEmpty() ? entry.getKey() : prefix + '.' + entry.getKey();
      ConfigValue value = entry.getValue();
      if (path.equals(Catalogue.KAFKA_CLIENT) || value.valueType() == ConfigValueType.NULL) {
        continue;
      }
      if (value instanceof ConfigObject nested) {
        check(path, nested);
      } else if (!paths.contains(path)) {
        throw ConfigurationException.unknownKey(
            path, shown(path, value), value.origin().description(), hint(path));
      }
    }
  }

  /** A misspelt key may well hold a password. */
  private static String shown(String path, ConfigValue value) {
    return path.matches("(?i).*(password|credential|secret|token).*")
        ? "***"
        : String.valueOf(value.unwrapped());
  }

  /** What to say about a key that is not known: the nearest one. */
  String hint(String path) {
    return "did you mean " + nearest(path) + "? config/postflight.conf documents all settings";
  }

  /** Key with the same letters and digits, whatever stands between them and whatever their case. */
  Optional<String> sameLetters(String name) {
    return Optional.ofNullable(byNormalForm.get(normalForm(name)));
  }

  /**
   * The variable whose name is nearest to one that is not known.
   *
   * @param others names of variables that are no settings
   */
  String nearestVariable(String name, Collection<String> others) {
    List<String> names = new ArrayList<>(others);
    paths.forEach(path -> names.add(variable(path)));
    return NearestName.of(name, names);
  }

  private static String variable(String path) {
    return "POSTFLIGHT_"
        + path.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .replaceAll("[.-]", "_")
            .toUpperCase(Locale.ROOT);
  }

  private String nearest(String path) {
    return NearestName.of(path, paths);
  }

  static String normalForm(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }
}
