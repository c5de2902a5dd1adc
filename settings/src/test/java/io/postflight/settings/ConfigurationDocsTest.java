package io.postflight.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.postflight.schema.settings.SettingDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The records of the modules, the file that users copy and the reference page are consistent. */
class ConfigurationDocsTest {
  private static final Path ROOT = Path.of(System.getProperty("postflight.root", ".."));
  private static final Path PAGE = ROOT.resolve("docs/configuration.md");
  private static final Path FILE = ROOT.resolve("config/postflight.conf");

  private final Config defaults = SettingKeys.defaults();

  @Test
  void every_setting_has_a_default_or_is_set_in_each_tier() {
    for (SettingDefinition setting : SettingKeys.settings()) {
      String key = setting.key();
      boolean ofAll = defaults.hasPath(key.replace("tiers.*", SettingKeys.TIER_DEFAULTS));
      assertThat(List.of("15d", "30d", "60d", "90d"))
          .as(key)
          .allMatch(tier -> ofAll || defaults.hasPath(SettingKeys.quoted(key.replace("*", tier))));
    }
  }

  @Test
  void every_setting_has_a_description_and_allowed_values() {
    assertThat(SettingKeys.settings())
        .allSatisfy(
            setting -> {
              assertThat(setting.setting().value()).as(setting.key()).endsWith(".");
              assertThat(setting.allowed()).as(setting.key()).doesNotContain("from  to");
            });
  }

  @Test
  void the_file_that_users_copy_changes_nothing() {
    SettingsLoader loader = new SettingsLoader(Map.of());
    List<String> secret = List.of("query.cursorSecret=a secret of more than 16 bytes");

    assertThat(loader.load(FILE, secret))
        .usingRecursiveComparison()
        .isEqualTo(loader.load(null, secret));
    assertThat(loader.serversNamedBy(FILE, List.of())).isEmpty();
  }

  @Test
  void the_file_that_users_copy_is_generated_from_the_records() throws IOException {
    assertGenerated(FILE, ConfigurationFile.text());
  }

  @Test
  void the_page_is_generated_from_the_records() throws IOException {
    assertGenerated(PAGE, page());
  }

  private static void assertGenerated(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("postflight.writeDocs")) {
      Files.writeString(file, expected);
    }
    assertThat(file)
        .as("run this test with -Dpostflight.writeDocs=true to generate the file again")
        .hasContent(expected);
  }

  private String page() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Configuration

        Every setting with its default, generated from the records that declare them by `ConfigurationDocsTest`, as is
        `config/postflight.conf`. A file of your own, given with `--config`, needs only what differs; `--set key=value` and the
        environment stand above it. Case, dots and underscores of a variable's name do not matter. An unknown key or a bad
        value stops start-up with exit code 2.

        | key | environment | default | allowed | meaning |
        |---|---|---|---|---|
        """);
    for (SettingDefinition setting : SettingKeys.settings()) {
      if (!setting.open()) {
        page.append(
            "| `%s` | `%s` | `%s` | %s | %s |\n"
                .formatted(
                    setting.key().replace("*", "<tier>"),
                    SettingKeys.variable(setting.key().replace("*", "<tier>")),
                    shownDefault(setting),
                    cell(setting.allowed()),
                    cell(setting.setting().value())));
      }
    }
    page.append(
        """

        `kafka.client` holds settings for every Kafka client, as Kafka names them: `kafka.client."security.protocol"`, or
        `POSTFLIGHT_KAFKA_CLIENT_SECURITY_PROTOCOL`.

        What a tier's own section leaves out comes from `tierDefaults`, which has the same keys. `tiers.15d = null` leaves a
        tier out. `config/dev.conf` has the differences for `dev` and `demo`, and `config/dev-tenants.conf` which tenants they
        have; other commands refuse those tenants, since their keys and secrets are public.

        The launcher reads `POSTFLIGHT_JAVA17` (home of a Java 17) and `POSTFLIGHT_JAVA_OPTS` (further options for the JVM).
        Commands read `POSTFLIGHT_CACHE_DIR`: the directory in which running stacks are listed, so that other commands find them
        (default: `$XDG_CACHE_HOME/postflight`, else `~/.cache/postflight`).
        """);
    return page.toString();
  }

  private String shownDefault(SettingDefinition setting) {
    String general = setting.key().replace("tiers.*", SettingKeys.TIER_DEFAULTS);
    String ofTier = SettingKeys.quoted(setting.key().replace("*", "15d"));
    String value = defaults.getString(defaults.hasPath(general) ? general : ofTier);
    return value.isEmpty() ? "(empty)" : value;
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
  }
}
