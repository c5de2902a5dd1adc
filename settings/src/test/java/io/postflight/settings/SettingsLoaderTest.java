package io.postflight.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.operations.StorageTier;
import io.postflight.store.BucketWidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {
  @TempDir Path directory;

  @Test
  void the_defaults_alone_are_a_deployment_with_the_four_tiers() {
    DeploymentSettings settings = load();

    assertThat(settings.tiers())
        .extracting(StorageTier::name)
        .containsExactly("15d", "30d", "60d", "90d");
    assertThat(settings.tier("60d").orElseThrow().tier().retention())
        .isEqualTo(Duration.ofDays(60));
    assertThat(settings.kafka().bootstrapServers()).isEqualTo("localhost:9092");
    assertThat(settings.gateway().publicUrl()).isNull();
  }

  @Test
  void a_file_needs_only_what_differs() throws IOException {
    Path file = file("http { port = 9999 }\ntiers.30d.contactPoints = [\"scylla:9042\"]\n");

    DeploymentSettings settings = loader(Map.of()).load(file, List.of());

    assertThat(settings.http().port()).isEqualTo(9999);
    assertThat(settings.http().host()).isEqualTo("0.0.0.0");
    assertThat(settings.tier("30d").orElseThrow().cluster().contactPoints())
        .containsExactly("scylla:9042");
    assertThat(settings.tier("15d").orElseThrow().cluster().contactPoints())
        .containsExactly("localhost:9042");
  }

  @Test
  void a_new_tier_has_the_tier_defaults_and_a_null_one_is_removed() throws IOException {
    Path file =
        file(
            """
            tierDefaults.datacenter = eu-west
            tiers {
              15d = null
              eu-30d-gold {
                retention = forever
                bucketWidth = ["1d", "2027-01-01T00:00:00Z=12h"]
                keyspace = gold
              }
            }
            """);

    DeploymentSettings settings = loader(Map.of()).load(file, List.of());

    assertThat(settings.tiers())
        .extracting(StorageTier::name)
        .containsExactly("30d", "60d", "90d", "eu-30d-gold");
    StorageTier gold = settings.tier("eu-30d-gold").orElseThrow();
    assertThat(gold.tier().retention()).isNull();
    assertThat(gold.cluster().datacenter()).isEqualTo("eu-west");
    assertThat(gold.tier().widths())
        .containsExactly(
            new BucketWidth(0, Duration.ofDays(1)),
            new BucketWidth(
                Instant.parse("2027-01-01T00:00:00Z").toEpochMilli(), Duration.ofHours(12)));
  }

  @Test
  void a_tier_without_a_required_value_is_refused() throws IOException {
    Path file = file("tiers.gold { retention = 30d, keyspace = gold }");

    assertThatThrownBy(() -> loader(Map.of()).load(file, List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("tiers.gold.bucketWidth is not set");
  }

  @Test
  void an_unknown_key_in_a_file_is_refused_with_its_line_and_the_nearest_key() throws IOException {
    Path file = file("http {\n  prot = 9999\n}\n");

    assertThatThrownBy(() -> loader(Map.of()).load(file, List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("http.prot = '9999'")
        .hasMessageContaining("mine.conf: 2")
        .hasMessageContaining("did you mean http.port?");
  }

  @Test
  void a_key_that_resembles_none_has_no_suggestion() {
    assertThatThrownBy(() -> loader(Map.of()).load(null, List.of("nosuch.key=1")))
        .hasMessageContaining("nosuch.key = '1'")
        .hasMessageNotContaining("did you mean");
  }

  @Test
  void an_unknown_key_of_a_tier_is_refused() {
    assertThatThrownBy(() -> loader(Map.of()).load(null, List.of("tiers.30d.retntion=3d")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("tiers.30d.retntion = '3d' (--set)")
        .hasMessageContaining("tiers.30d.retention");
  }

  @Test
  void a_bad_value_is_refused_with_what_is_allowed() {
    assertThatThrownBy(() -> loader(Map.of()).load(null, List.of("http.port=http")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "http.port = 'http' (--set) is not allowed:"
                + " it must be a whole number from 0 to 65535");
    assertThatThrownBy(() -> loader(Map.of()).load(null, List.of("lifecycle.retain=30")))
        .hasMessageContaining("lifecycle.retain = '30'")
        .hasMessageContaining("with its unit");
    assertThatThrownBy(() -> loader(Map.of()).load(null, List.of("tiers.30d.readConsistency=ONE")))
        .hasMessageContaining("LOCAL_QUORUM");
  }

  @Test
  void a_bad_element_of_a_list_is_refused_with_what_each_may_be() {
    assertThatThrownBy(() -> loader(Map.of()).load(null, List.of("tiers.30d.bucketWidth=1d,soon")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "tiers.30d.bucketWidth = '1d,soon' (--set) is not allowed: it must be a list, each a"
                + " time span such as 1d, or <RFC 3339 time>=<time span> from that time on");
    assertThatThrownBy(() -> loader(Map.of()).load(null, List.of("kafka.bootstrap=broker")))
        .hasMessage(
            "kafka.bootstrap = 'broker' (--set) is not allowed: it must be a list, each host:port");
  }

  @Test
  void values_that_do_not_go_together_are_refused_with_their_keys() {
    assertRefused("sink.retry.initialBackoff=10s", "sink.retry.maxBackoff");
    assertRefused("lifecycle.retain=2d", "lifecycle.wait");
    assertRefused("http.maxUnread=1MiB", "http.maxUnreadPerConnection");
    assertRefused("gateway.maxBuffered=1MiB", "gateway.maxBody");
    assertRefused("topology.writeBuffer=65MiB", "topology.blockCache");
    assertRefused("tiers.30d.username=u", "tiers.30d: username and password go together");
  }

  private static void assertRefused(String assignment, String other) {
    assertThatThrownBy(() -> loader(Map.of()).load(null, List.of(assignment)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(assignment.replaceAll("=.*|tiers.30d.", ""))
        .hasMessageContaining(other);
  }

  @Test
  void what_follows_from_other_sections_is_derived() {
    DeploymentSettings settings =
        loader(Map.of())
            .load(
                null,
                List.of(
                    "kafka.replication=2",
                    "kafka.retention.backups=10d",
                    "lifecycle.retain=40d",
                    "sink.batch.rows=7"));

    assertThat(settings.topology().streams().replicationFactor()).isEqualTo(2);
    assertThat(settings.query().lifecycleRetention()).isEqualTo(Duration.ofDays(40));
    assertThat(settings.kafka().sizes().erasuresRetention()).isEqualTo(Duration.ofDays(100));
    assertThat(settings.tiers()).allMatch(tier -> tier.cluster().writes().batchRows() == 7);
  }

  @Test
  void a_bad_value_of_the_environment_is_refused_with_the_variable() {
    assertThatThrownBy(
            () -> loader(Map.of("POSTFLIGHT_SINK_WINDOW_BYTES", "many")).load(null, List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("sink.window.bytes = 'many'")
        .hasMessageContaining("environment variable POSTFLIGHT_SINK_WINDOW_BYTES");
  }

  @Test
  void a_secret_is_not_shown_when_it_is_bad() throws IOException {
    Path file = file("tiers.30d.password { a = hunter2 }");

    assertThatThrownBy(() -> loader(Map.of()).load(file, List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void options_override_environment_file_and_defaults_in_this_order() throws IOException {
    Path file = file("kafka.bootstrap = \"file:1\"\nhttp.port = 1\nkafka.topicPrefix = f");
    Map<String, String> environment =
        Map.of("POSTFLIGHT_KAFKA_BOOTSTRAP", "env:1, env:2", "POSTFLIGHT_HTTP_PORT", "2");

    DeploymentSettings settings =
        loader(environment).load(file, List.of("http.port=3", "http.host=::1"));

    assertThat(settings.kafka().topicPrefix()).isEqualTo("f");
    assertThat(settings.kafka().bootstrapServers()).isEqualTo("env:1,env:2");
    assertThat(settings.http().port()).isEqualTo(3);
    assertThat(settings.http().host()).isEqualTo("::1");
  }

  @Test
  void every_key_can_be_given_in_the_environment() throws IOException {
    Path file =
        file(
            """
            query.cursorSecret = "a secret that is long enough for the test"
            tierDefaults { retention = 30d, keyspace = own, bucketWidth = 1d }
            tiers.own {}
            """);
    DeploymentSettings given = loader(Map.of()).load(file, List.of());
    assertThat(loader(Map.of()).load(file, List.of())).usingRecursiveComparison().isEqualTo(given);

    for (String path : new SettingKeys(List.of("15d", "30d", "60d", "90d")).all()) {
      String variable =
          "POSTFLIGHT_"
              + path.replaceAll("([A-Z])", "_$1")
                  .replace('.', '_')
                  .toUpperCase(java.util.Locale.ROOT);
      DeploymentSettings changed;
      try {
        changed = loader(Map.of(variable, "https://other.example")).load(file, List.of());
      } catch (ConfigurationException refused) {
        assertThat(refused).as(variable).hasMessageContaining(path.replaceAll(".*\\.", ""));
        continue;
      }
      assertThat(changed).as(variable).usingRecursiveComparison().isNotEqualTo(given);
    }
  }

  @Test
  void names_in_the_environment_ignore_case_dots_and_underscores() {
    DeploymentSettings settings =
        loader(
                Map.of(
                    "POSTFLIGHT_GATEWAY_PUBLIC_URL", "https://a.example",
                    "POSTFLIGHT_TIERS_30D_CONTACTPOINTS", "scylla-30d:9042",
                    "POSTFLIGHT_KAFKA_CLIENT_SECURITY_PROTOCOL", "SSL"))
            .load(null, List.of());

    assertThat(settings.gateway().publicUrl()).isEqualTo("https://a.example");
    assertThat(settings.tier("30d").orElseThrow().cluster().contactPoints())
        .containsExactly("scylla-30d:9042");
    assertThat(settings.kafka().client()).containsEntry("security.protocol", "SSL");
  }

  @Test
  void an_unknown_variable_is_refused_unless_it_belongs_to_others() {
    SettingsLoader misspelt = loader(Map.of("POSTFLIGHT_HTTP_PROT", "1"));
    SettingsLoader apiKey = loader(Map.of("POSTFLIGHT_APIKEY", "s3cret"));
    SettingsLoader loader =
        loader(
            Map.of(
                "POSTFLIGHT_JAVA17", "/opt/java",
                "POSTFLIGHT_JAVA_OPTS", "-Xmx1g",
                "POSTFLIGHT_API_KEY", "pf_a_b",
                "POSTFLIGHT_API_SERVICE_PORT", "8080",
                "POSTFLIGHT_SERVICE_HOST", "10.0.0.1",
                "POSTFLIGHT_PORT_8080_TCP_ADDR", "10.0.0.1",
                "HOME", "/root"));

    assertThat(loader.load(null, List.of())).isNotNull();
    assertThatThrownBy(() -> misspelt.load(null, List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("POSTFLIGHT_HTTP_PROT")
        .hasMessageContaining("did you mean POSTFLIGHT_HTTP_PORT?");
    assertThatThrownBy(() -> apiKey.load(null, List.of()))
        .hasMessageContaining("did you mean POSTFLIGHT_API_KEY?")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void settings_for_kafka_clients_are_passed_unchanged() throws IOException {
    Path file = file("kafka.client { security.protocol = SASL_SSL, \"sasl.mechanism\" = PLAIN }");

    assertThat(loader(Map.of()).load(file, List.of("kafka.client.client.rack=a")).kafka().client())
        .containsOnly(
            Map.entry("security.protocol", "SASL_SSL"),
            Map.entry("sasl.mechanism", "PLAIN"),
            Map.entry("client.rack", "a"));
  }

  @Test
  void a_missing_or_invalid_file_is_refused_with_its_name() throws IOException {
    Path broken = file("http { port = ");

    assertThatThrownBy(() -> loader(Map.of()).load(directory.resolve("none.conf"), List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("none.conf");
    assertThatThrownBy(() -> loader(Map.of()).load(broken, List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("mine.conf");
  }

  @Test
  void forwarded_headers_are_trusted_of_named_proxies_only() {
    String trusting = "gateway.trustForwarded=true";

    assertThatThrownBy(() -> loader(Map.of()).load(null, List.of(trusting)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("gateway.trustForwarded")
        .hasMessageContaining("http.trustedProxies");
    List<String> both = List.of(trusting, "http.trustedProxies=10.0.0.0/8");
    assertThat(loader(Map.of()).load(null, both).gateway().trustForwarded()).isTrue();
  }

  @Test
  void an_unclosed_brace_is_reported_as_such() throws IOException {
    Path file = file("http { port = 19583\n");

    assertThatThrownBy(() -> loader(Map.of()).load(file, List.of()))
        .hasMessageContaining("mine.conf: 2: '}' is missing at the end of the file")
        .hasMessageNotContaining("parenthes");
  }

  @Test
  void development_has_one_replica_whatever_the_file_contains() throws IOException {
    Path file = file("kafka.replication = 3");

    DeploymentSettings settings = loader(Map.of()).loadForDevelopment(file, List.of());

    assertThat(settings.kafka().sizes().replication()).isEqualTo(1);
    assertThat(settings.http().host()).isEqualTo("127.0.0.1");
  }

  private DeploymentSettings load() {
    return loader(Map.of()).load(null, List.of());
  }

  private static SettingsLoader loader(Map<String, String> environment) {
    return new SettingsLoader(environment);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("mine.conf"), text);
  }
}
