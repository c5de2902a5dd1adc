package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.cli.wiring.RoleContext;
import io.postflight.cli.wiring.RoleSelection;
import io.postflight.cli.wiring.RunningRoles;
import io.postflight.schema.directory.FixedTenants;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A process without the API can be watched too. */
class StatusPortTest {
  @Test
  void a_sink_by_itself_tells_of_its_health_and_metrics() throws Exception {
    TestDeployment deployment = TestDeployment.of("status", "http.statusPort = 0").made();
    RoleContext context =
        new RoleContext(
            deployment.settings(),
            deployment.serdes(),
            FixedTenants.of(),
            RoleContext.metersOfJvm(),
            Clock.systemUTC());

    try (RunningRoles roles =
        RunningRoles.start(context, new RoleSelection(false, Set.of("30d"), false))) {
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

  private static HttpResponse<String> get(RunningRoles roles, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + roles.statusPort() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
