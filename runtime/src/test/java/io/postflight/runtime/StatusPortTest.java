package io.postflight.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.directory.FixedTenants;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Health and metrics on the status port. */
class StatusPortTest {
  private static RoleContext context(TestDeployment deployment) {
    return new RoleContext(
        deployment.settings(),
        deployment.serdes(),
        FixedTenants.of(),
        RoleContext.metersOfJvm(),
        Clock.systemUTC());
  }

  @Test
  void a_sink_without_the_api_serves_health_and_metrics() throws Exception {
    TestDeployment deployment = TestDeployment.of("status", "http.statusPort = 0").created();

    try (RunningRoles roles =
        RunningRoles.start(context(deployment), new RoleSelection(false, Set.of("30d"), false))) {
      assertThat(get(roles, "/health/live").statusCode()).isEqualTo(200);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(get(roles, "/health/ready").statusCode()).isEqualTo(200));
      assertThat(get(roles, "/health/status").body())
          .contains("\"sink.30d\":{\"ready\":true,\"necessary\":true");
      assertThat(get(roles, "/metrics").body())
          .contains("postflight_sink_paused{tier=\"30d\"} 0.0");
    }
  }

  @Test
  void every_metric_of_the_roles_is_declared_and_has_a_help_text() throws Exception {
    TestDeployment deployment = TestDeployment.of("metrics", "http.statusPort = 0").created();

    try (RunningRoles roles =
        RunningRoles.start(context(deployment), RoleSelection.all(Set.of("30d")))) {
      get(roles.httpPort(), "/webhooks/whatsapp/nobody");
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> get(roles, "/metrics").body().contains("postflight_http_requests_total"));

      List<MetricFamily> families =
          get(roles, "/metrics").body().lines().flatMap(MetricFamily::of).toList();

      assertThat(families).extracting(MetricFamily::name).contains("postflight_sink_lag_records");
      assertThat(families).allSatisfy(family -> assertThat(family.help()).isNotBlank());
      assertThat(families)
          .extracting(MetricFamily::name)
          .isSubsetOf(MetricsPageTest.declared().keySet());
    }
  }

  /** What a line {@code # HELP} describes; the greatest value of a timer is a family of its own. */
  private record MetricFamily(String name, String help) {
    static Stream<MetricFamily> of(String line) {
      if (!line.startsWith("# HELP postflight_")) {
        return Stream.empty();
      }
      String[] parts = line.split(" ", 4);
      return Stream.of(
          new MetricFamily(
              parts[2].replaceAll("_max$", ""), parts.length < 4 ? "" : parts[3].strip()));
    }
  }

  private static HttpResponse<String> get(RunningRoles roles, String path) throws Exception {
    return get(roles.statusPort(), path);
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
