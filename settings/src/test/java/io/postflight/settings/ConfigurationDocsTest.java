package io.postflight.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Settings, the file that explains them, and the page made of it say the same. */
class ConfigurationDocsTest {
  private static final Path PAGE =
      Path.of(System.getProperty("postflight.root", "..")).resolve("docs/configuration.md");

  private final Config reference = SettingsLoader.reference();

  @Test
  void every_setting_has_a_default_or_stands_in_each_tier() {
    TreeSet<String> inFile = new TreeSet<>(leaves(reference.root(), "").keySet());
    for (Setting<?> setting : Catalogue.all()) {
      String path = setting.path();
      boolean there =
          inFile.contains(path)
              || inFile.contains(path.replace("tiers.*", Catalogue.TIER_DEFAULTS))
              || inFile.contains(path.replace("*", "30d"));
      assertThat(there).as(path).isTrue();
    }
  }

  @Test
  void every_key_of_the_file_is_explained_where_it_stands_first() {
    leaves(reference.root(), "")
        .forEach(
            (path, value) -> {
              boolean repeated = path.matches("tiers\\.(30|60|90)d\\..*");
              if (!repeated) {
                assertThat(value.origin().comments()).as(path).isNotEmpty();
              }
            });
  }

  @Test
  void the_page_is_made_of_the_file() throws IOException {
    String expected = page();
    if (Boolean.getBoolean("postflight.writeDocs")) {
      Files.writeString(PAGE, expected);
    }
    assertThat(PAGE)
        .as("run the tests with -Dpostflight.writeDocs=true to write it anew")
        .hasContent(expected);
  }

  private String page() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Configuration

        Every setting with its default, made from `config/postflight.conf` by `ConfigurationDocsTest`. A file of your own,
        given with `--config`, needs only what differs; `--set key=value` and the environment stand above it. Case, dots and
        underscores of a variable's name do not matter. An unknown key or a bad value stops start-up with exit code 2.

        | key | environment | default | allowed | meaning |
        |---|---|---|---|---|
        """);
    Map<String, ConfigValue> leaves = leaves(reference.root(), "");
    for (Setting<?> setting : Catalogue.all()) {
      String path = setting.path();
      String inDefaults = path.replace("tiers.*", Catalogue.TIER_DEFAULTS);
      String shown = leaves.containsKey(inDefaults) ? inDefaults : path.replace("*", "15d");
      ConfigValue value = Objects.requireNonNull(leaves.get(shown), shown);
      page.append("| `").append(path.replace("*", "<tier>")).append("` | `");
      page.append(variable(path)).append("` | `").append(text(value)).append("` | ");
      page.append(cell(setting.kind().allowed())).append(" | ");
      page.append(cell(comment(value))).append(" |\n");
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

  private static String variable(String path) {
    return "POSTFLIGHT_"
        + path.replace("*", "<TIER>")
            .replaceAll("([a-z])([A-Z])", "$1_$2")
            .replace('.', '_')
            .toUpperCase(java.util.Locale.ROOT);
  }

  private static String text(ConfigValue value) {
    Object raw = value.unwrapped();
    String text =
        raw instanceof List<?> list
            ? list.stream().map(Object::toString).collect(Collectors.joining(","))
            : raw.toString();
    return text.isEmpty() ? "(empty)" : text;
  }

  private static String comment(ConfigValue value) {
    return value.origin().comments().stream().map(String::strip).collect(Collectors.joining(" "));
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
  }

  private static Map<String, ConfigValue> leaves(ConfigObject object, String prefix) {
    Map<String, ConfigValue> leaves = new TreeMap<>();
    object.forEach(
        (name, value) -> {
          String path = prefix.isEmpty() ? name : prefix + '.' + name;
          if (value instanceof ConfigObject nested) {
            leaves.putAll(leaves(nested, path));
          } else {
            leaves.put(path, value);
          }
        });
    return leaves;
  }
}
