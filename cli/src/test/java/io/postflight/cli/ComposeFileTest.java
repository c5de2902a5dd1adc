package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.operations.StorageTier;
import io.postflight.runtime.RoleSelection;
import io.postflight.settings.DeploymentSettings;
import io.postflight.settings.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The build cannot run the compose file; its content is compared with the code instead. */
class ComposeFileTest {
  private static final Path DOCKER =
      Path.of(System.getProperty("postflight.root", "..")).resolve("docker");

  private final JsonNode compose = read();

  @Test
  void settings_of_the_roles_are_known_and_allowed() {
    SettingsLoader loader = new SettingsLoader(environment("postflight"));

    assertThat(loader.load(null, List.of()).tiers()).isNotEmpty();
  }

  @Test
  void each_tier_has_its_own_cluster_on_the_default_port() {
    Set<String> services = names("services");
    Set<String> hosts = new TreeSet<>();

    for (StorageTier tier : settings().tiers()) {
      String point = tier.cluster().contactPoints().get(0);
      assertThat(point).isEqualTo("scylla-" + tier.name() + ":9042");
      hosts.add(point.substring(0, point.indexOf(':')));
    }

    assertThat(hosts).hasSize(settings().tiers().size());
    assertThat(services).containsAll(hosts);
  }

  @Test
  void kafka_and_registry_are_services_on_the_ports_that_they_listen_on() {
    DeploymentSettings settings = settings();

    assertThat(settings.kafka().bootstrapServers()).isEqualTo("kafka:9092");
    assertThat(environment("kafka").get("KAFKA_ADVERTISED_LISTENERS"))
        .isEqualTo("PLAINTEXT://" + settings.kafka().bootstrapServers());
    assertThat(settings.registry().url()).hasToString("http://registry:8081");
    assertThat(environment("registry").get("SCHEMA_REGISTRY_LISTENERS")).endsWith(":8081");
    assertThat(environment("registry").get("SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS"))
        .isEqualTo(settings.kafka().bootstrapServers());
    assertThat(names("services")).contains("kafka", "registry");
  }

  @Test
  void the_published_port_is_the_one_that_is_served() {
    int port = settings().http().port();

    assertThat(compose.at("/services/postflight/ports/0").asText()).isEqualTo(port + ":" + port);
    assertThat(compose.at("/services/postflight/healthcheck/test/1").asText())
        .contains("localhost:" + port + "/health/live");
  }

  @Test
  void the_status_port_is_served_to_this_machine_only() {
    int port = settings().http().statusPort().orElseThrow();

    assertThat(compose.at("/services/postflight/ports/1").asText())
        .isEqualTo("127.0.0.1:" + port + ":" + port);
  }

  @Test
  void one_replica_is_configured_for_one_server() {
    assertThat(settings().kafka().sizes().replication()).isEqualTo(1);
    assertThat(settings().tiers())
        .allSatisfy(tier -> assertThat(tier.cluster().replicationFactors()).containsValue(1));
  }

  @Test
  void the_command_has_existing_roles() {
    JsonNode command = compose.at("/services/postflight/command");

    RoleSelection roles = RoleSelection.parse(command.get(2).asText(), settings().tierNames());

    assertThat(command.get(0).asText()).isEqualTo("run");
    assertThat(roles).isEqualTo(RoleSelection.all(settings().tierNames()));
  }

  @Test
  void dependencies_and_volumes_that_are_named_exist() {
    Set<String> services = names("services");
    Set<String> volumes = names("volumes");

    for (JsonNode service : compose.path("services")) {
      service
          .path("depends_on")
          .fieldNames()
          .forEachRemaining(n -> assertThat(services).contains(n));
      for (JsonNode volume : service.path("volumes")) {
        assertThat(volumes).contains(volume.asText().split(":", -1)[0]);
      }
    }
  }

  @Test
  void an_awaited_service_has_a_health_check() throws IOException {
    compose
        .at("/services/postflight/depends_on")
        .fieldNames()
        .forEachRemaining(
            name -> {
              JsonNode service = compose.path("services").path(name);
              assertThat(service.has("healthcheck")).as(name).isTrue();
            });
    assertThat(Files.readString(DOCKER.resolve("Dockerfile")))
        .contains("run\", \"--roles\"", "EXPOSE " + settings().http().port());
  }

  private DeploymentSettings settings() {
    return new SettingsLoader(environment("postflight")).load(null, List.of());
  }

  private Map<String, String> environment(String service) {
    Map<String, String> environment = new HashMap<>();
    compose
        .path("services")
        .path(service)
        .path("environment")
        .properties()
        .forEach(each -> environment.put(each.getKey(), each.getValue().asText()));
    return environment;
  }

  private Set<String> names(String section) {
    Set<String> names = new TreeSet<>();
    compose.path(section).fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode read() {
    try {
      Object parsed = new Yaml().load(Files.readString(DOCKER.resolve("compose.yaml")));
      return JsonMapper.builder().build().valueToTree(parsed);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
