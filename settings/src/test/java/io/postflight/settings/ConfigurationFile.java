package io.postflight.settings;

import com.typesafe.config.Config;
import io.postflight.schema.settings.SettingDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Generates {@code config/postflight.conf}: every setting with its description and default. */
final class ConfigurationFile {
  private static final int WIDTH = 120;
  private static final String HEADER =
      """
      # Settings of a Postflight deployment, in HOCON. Lists every key with its default; a file given with --config needs only
      # what differs. Every key can also be set
      #   on the command line:   --set kafka.bootstrap=broker-1:9092,broker-2:9092
      #   in the environment:    POSTFLIGHT_KAFKA_BOOTSTRAP=broker-1:9092,broker-2:9092
      #                          (case, dots and underscores do not matter: POSTFLIGHT_GATEWAY_PUBLIC_URL is gateway.publicUrl)
      # Precedence: --set, environment, file, default. An unknown key or an invalid value prevents start-up.
      # Time spans have a unit: ms, s, m, h, d. Sizes too: B, KiB, MiB, GiB. A list may be given as comma-separated text.
      # Generated from the records in the code.
      """;

  private final Config defaults = SettingKeys.defaults();
  private final Map<String, String> descriptions =
      SettingKeys.definitions().stream()
          .collect(Collectors.toMap(SettingDefinition::key, each -> each.setting().value()));
  private final List<String> lines = new ArrayList<>();

  private ConfigurationFile() {}

  static String text() {
    ConfigurationFile file = new ConfigurationFile();
    file.write();
    return HEADER + String.join("\n", file.lines) + '\n';
  }

  private void write() {
    List<SettingDefinition> settings = SettingKeys.settings();
    List<String> sections =
        settings.stream().map(each -> each.key().split("\\.")[0]).distinct().toList();
    for (String section : sections) {
      lines.add("");
      if (section.equals("tiers")) {
        writeTiers();
      } else {
        describe("", section);
        open("", section);
        List<SettingDefinition> own =
            settings.stream().filter(each -> each.key().startsWith(section + '.')).toList();
        writeSection("  ", section, own);
        lines.add("}");
      }
    }
  }

  /** Settings of a section; those of a nested one follow each other. */
  private void writeSection(String indent, String section, List<SettingDefinition> settings) {
    String nested = "";
    for (SettingDefinition setting : settings) {
      String name = setting.key().substring(section.length() + 1);
      int dot = name.indexOf('.');
      if (dot < 0) {
        if (!nested.isEmpty()) {
          lines.add("");
        }
        nested = "";
        describe(indent, setting.key());
        lines.add(
            indent
                + (setting.open() ? name + " {}" : name + " = " + value(setting, setting.key())));
      } else if (!name.startsWith(nested + '.')) {
        nested = name.substring(0, dot);
        String path = section + '.' + nested;
        if (!lines.get(lines.size() - 1).endsWith("{")) {
          lines.add("");
        }
        describe(indent, path);
        open(indent, nested);
        writeSection(
            indent + "  ",
            path,
            settings.stream().filter(each -> each.key().startsWith(path + '.')).toList());
        lines.add(indent + "}");
      }
    }
  }

  private void writeTiers() {
    List<SettingDefinition> settings =
        SettingKeys.settings().stream().filter(SettingKeys::ofTier).toList();
    lines.add("# Defaults of every tier.");
    open("", SettingKeys.TIER_DEFAULTS);
    for (SettingDefinition setting : settings) {
      if (setting.defaultValue() != null) {
        describe("  ", setting.key());
        lines.add("  " + name(setting) + " = " + value(setting, inDefaults(setting)));
      }
    }
    lines.add("}");
    lines.add("");
    describe("", "tiers.*");
    open("", "tiers");
    for (String tier : SettingKeys.tiersIn(defaults)) {
      open("  ", tier);
      for (SettingDefinition setting : settings) {
        if (setting.defaultValue() == null) {
          if (tier.equals("15d")) {
            describe("    ", setting.key());
          }
          lines.add(
              "    " + name(setting) + " = " + value(setting, setting.key().replace("*", tier)));
        }
      }
      lines.add("  }");
    }
    lines.add("}");
  }

  private static String inDefaults(SettingDefinition setting) {
    return setting.key().replace("tiers.*", SettingKeys.TIER_DEFAULTS);
  }

  private static String name(SettingDefinition setting) {
    return setting.key().substring(setting.key().lastIndexOf('.') + 1);
  }

  private void open(String indent, String section) {
    lines.add(indent + section + " {");
  }

  /** A comment with the description, if there is one. */
  private void describe(String indent, String key) {
    StringBuilder line = new StringBuilder(indent + '#');
    for (String word : Objects.requireNonNullElse(descriptions.get(key), "").split(" ")) {
      if (line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(indent + '#');
      }
      line.append(' ').append(word);
    }
    if (descriptions.containsKey(key)) {
      lines.add(line.toString());
    }
  }

  private String value(SettingDefinition setting, String key) {
    String value = defaults.getString(SettingKeys.quoted(key));
    boolean plain =
        value.matches("[/.A-Za-z0-9][/.A-Za-z0-9_-]*") && !value.matches("\\d+(\\.\\d+)+");
    boolean list = setting.allowed().startsWith("a list") && !value.isEmpty();
    String text = plain && !list ? value : '"' + value.replace(",", "\", \"") + '"';
    return list ? '[' + text + ']' : text;
  }
}
