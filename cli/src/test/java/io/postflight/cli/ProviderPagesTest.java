package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.postflight.schema.signature.SignatureCheck;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.topology.normalize.Normalizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What lists the providers lists all of them. */
class ProviderPagesTest {
  private static final Path ROOT = Path.of(System.getProperty("postflight.root", ".."));
  private static final Path PAGES = ROOT.resolve("docs/how-to/providers");

  /** An attribute that an adapter sets by its name. */
  private static final Pattern ATTRIBUTE = Pattern.compile("\\.attribute\\(\"(\\w+)\"");

  private static Set<String> providers() {
    return SignatureChecks.providers();
  }

  private static List<String> secrets(String provider) {
    SignatureCheck check = SignatureChecks.of(provider).orElseThrow();
    return Stream.concat(check.secretNames().stream(), check.optionalSecrets().stream()).toList();
  }

  @Test
  void every_provider_has_an_adapter_and_a_signature() {
    assertThat(Normalizer.ofAllProviders().providers())
        .containsExactlyInAnyOrderElementsOf(providers());
  }

  @ParameterizedTest
  @MethodSource("providers")
  void a_page_names_address_and_secrets(String provider) throws IOException {
    String page = Files.readString(PAGES.resolve(provider + ".md"));

    assertThat(page).contains("/webhooks/" + provider + "/contoso", "## Set up", "## Check");
    for (String secret : secrets(provider)) {
      assertThat(page).contains('`' + secret + '`');
    }
    assertThat(page).contains("webhook check --provider " + provider);
  }

  @Test
  void there_is_no_page_of_another_provider() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      List<String> names =
          files.map(file -> file.getFileName().toString().replace(".md", "")).toList();
      assertThat(names).containsExactlyInAnyOrderElementsOf(providers());
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void the_overview_has_a_row_with_the_secrets(String provider) throws IOException {
    String row =
        Files.readAllLines(ROOT.resolve("docs/how-to/connect-a-provider.md")).stream()
            .filter(line -> line.startsWith("| [`" + provider + "`](providers/"))
            .findFirst()
            .orElseThrow();

    for (String secret : secrets(provider)) {
      assertThat(row).contains('`' + secret + '`');
    }
  }

  @Test
  void the_reference_has_the_attributes_that_adapters_set() throws IOException {
    String reference = Files.readString(ROOT.resolve("docs/reference/events-and-fields.md"));
    Path adapters = ROOT.resolve("topology/src/main/java/io/postflight/topology/adapter");
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(adapters)) {
      for (Path file : files.toList()) {
        ATTRIBUTE
            .matcher(Files.readString(file))
            .results()
            .forEach(name -> names.add(name.group(1)));
      }
    }

    assertThat(names)
        .contains("pricingModel")
        .allSatisfy(name -> assertThat(reference).contains('`' + name + '`'));
  }

  @Test
  void the_tenants_of_dev_have_all_secrets() {
    Config tenants =
        ConfigFactory.parseFile(ROOT.resolve("config/dev-tenants.conf").toFile())
            .getConfig("tenants");
    for (String tenant : tenants.root().keySet()) {
      Config secrets = tenants.getConfig(tenant).getConfig("secrets");
      for (String provider : providers()) {
        assertThat(secrets.getConfig(provider).root().keySet())
            .as(tenant + ", " + provider)
            .containsExactlyInAnyOrderElementsOf(secrets(provider));
      }
    }
  }
}
