package io.postflight.demo.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.demo.Demo;
import io.postflight.demo.DemoReport;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.Progress;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.operations.normalize.EventDifference;
import io.postflight.operations.normalize.NormalizeReplay;
import io.postflight.operations.normalize.NormalizeReplayReport;
import io.postflight.operations.normalize.NormalizeReplayRequest;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.schema.signature.SignedRequest;
import io.postflight.schema.tenant.Tenant;
import io.postflight.settings.DeploymentSettings;
import io.postflight.settings.SettingsLoader;
import io.postflight.topology.normalize.Normalizer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole data flow on real servers, as {@code dev} and {@code demo} wire it. */
class EmbeddedStackTest {
  private static final String READ =
      """
      {"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":
      {"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550001111","phone_number_id":"7"},
      "statuses":[{"id":"wamid.KEPT","status":"read","timestamp":"%d","recipient_id":"593990000001"}]}}]}]}
      """;

  private static final String OWN_EVENTS =
      """
      [{"messageId":"m-1","userId":"15551112222","status":"IN_ORBIT"},
       {"userId":"+15551112222","type":"page_viewed","attributes":{"page":"start"}}]
      """;

  @TempDir Path directory;

  @Test
  void counts_reconcile_and_a_restart_on_the_same_directory_has_the_same_data() throws Exception {
    try (EmbeddedStack stack = start()) {
      DemoReport report = new Demo(stack, Progress.SILENT, Clock.systemUTC()).run(3, 200);

      assertThat(report.result().differences()).isEmpty();
      assertThat(report.result().reconciled()).isTrue();
      assertThat(report.events().duplicates()).isPositive();
      assertThat(report.rejected().deadLetters()).isNotEmpty();
      assertThat(report.result().message().path("status").asText()).isEqualTo("READ");
      assertThat(report.result().timeline().path("items")).hasSizeGreaterThan(1);
      assertThat(send(stack)).isEqualTo(200);
      assertThat(status(stack, "?wait=20s")).isEqualTo("READ");
      own_events_have_the_ids_that_are_stored(stack);
      the_present_adapters_make_the_same_events(stack);
      revokeKeysOf("globex", stack);
    }

    try (EmbeddedStack stack = start()) {
      assertThat(status(stack, "")).isEqualTo("READ");
      Endpoints endpoints = stack.endpoints();
      assertThat(endpoints.tenant("globex").orElseThrow().apiKey()).isEmpty();
      assertThat(metrics(endpoints.http(), endpoints.adminKey())).contains("postflight_");
      assertThat(metrics(endpoints.status(), null)).contains("postflight_");
      assertThat(metrics(endpoints.http(), null)).contains("\"status\":401");
      DeploymentClient.ApiResponse receipt = erase(stack);
      assertThat(receipt.status()).isEqualTo(200);
      assertThat(receipt.body().path("state").asText()).isEqualTo("DONE");
      assertThat(receipt.body().path("rows").asLong()).isPositive();
      assertThat(read(stack, "").status()).isEqualTo(404);
      assertThat(send(stack)).isEqualTo(200);
      CompletableFuture<String> ended = stack.cqlServerEnded();
      killCqlServer();
      assertThat(ended).succeedsWithin(Duration.ofSeconds(20)).asString().contains("exit code 137");
    }
  }

  private void killCqlServer() throws Exception {
    String pid = Files.readString(directory.resolve("cassandra/cassandra.pid")).strip();
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
  }

  private static void revokeKeysOf(String tenant, EmbeddedStack stack) {
    OperationsSettings settings = stack.settings().operations();
    try (TenantAdmin tenants =
        TenantAdmin.open(settings, TenantRules.withTiers(stack.settings().tierNames()))) {
      Tenant before = tenants.find(tenant).orElseThrow();
      tenants.put(Tenant.newBuilder(before).setKeys(List.of()).build());
    }
  }

  private static void own_events_have_the_ids_that_are_stored(EmbeddedStack stack) {
    Endpoints endpoints = stack.endpoints();
    DeploymentClient client = new DeploymentClient(endpoints.http());
    String key = endpoints.tenant("acme").orElseThrow().apiKey();

    DeploymentClient.ApiResponse answer =
        client
            .sendWebhook(
                endpoints.http() + "/v1/events",
                "application/json",
                Map.of("Authorization", "Bearer " + key),
                OWN_EVENTS.getBytes(StandardCharsets.UTF_8))
            .join();

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body().at("/items/0/problem/reason").asText()).isEqualTo("UNKNOWN_STATUS");
    String eventId = answer.body().at("/items/1/eventId").asText();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(
                        client
                            .get("/v1/user/timeline?id=%2B1%20555-111-2222", key)
                            .body()
                            .at("/items/0/eventId")
                            .asText())
                    .isEqualTo(eventId)
                    .isNotEmpty());
  }

  /** Of all simulated webhooks, with those that are repeated, out of order or invalid. */
  private static void the_present_adapters_make_the_same_events(EmbeddedStack stack) {
    NormalizeReplay replay =
        new NormalizeReplay(
            stack.settings().operations(),
            TenantRules.withTiers(stack.settings().tierNames()),
            Normalizer.ofAllProviders());
    assertThat(List.of("whatsapp", "twilio", "wasender", "events"))
        .allSatisfy(
            provider -> {
              List<EventDifference> differences = new ArrayList<>();
              NormalizeReplayReport report =
                  replay.run(
                      new NormalizeReplayRequest(provider, null, 0, Long.MAX_VALUE, false),
                      Clock.systemUTC(),
                      Progress.SILENT,
                      differences::add);
              assertThat(differences).isEmpty();
              assertThat(report.events()).isPositive();
            });
  }

  private EmbeddedStack start() throws InterruptedException {
    DeploymentSettings settings =
        new SettingsLoader(Map.of()).loadForDevelopment(null, List.of("http.port=0"));
    return EmbeddedStack.start(
        new EmbeddedStack.Plan(settings, directory, null, false), Progress.SILENT);
  }

  private static String metrics(@Nullable String address, @Nullable String key) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + "/metrics"));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static int send(EmbeddedStack stack) {
    Endpoints endpoints = stack.endpoints();
    DeploymentClient client = new DeploymentClient(endpoints.http());
    byte[] body =
        READ.formatted(System.currentTimeMillis() / 1_000).getBytes(StandardCharsets.UTF_8);
    String url = client.webhookUrl("whatsapp", "acme");
    Map<String, String> secrets =
        endpoints.tenant("acme").orElseThrow().secrets().getOrDefault("whatsapp", Map.of());
    return client
        .sendWebhook(
            url,
            "application/json",
            SignatureChecks.sign("whatsapp", SignedRequest.post(url, Map.of(), body), secrets)
                .headers(),
            body)
        .join()
        .status();
  }

  private static String status(EmbeddedStack stack, String query) {
    return read(stack, query).body().path("status").asText();
  }

  private static DeploymentClient.ApiResponse read(EmbeddedStack stack, String query) {
    Endpoints endpoints = stack.endpoints();
    return new DeploymentClient(endpoints.http())
        .get("/v1/messages/wamid.KEPT" + query, endpoints.tenant("acme").orElseThrow().apiKey());
  }

  private static DeploymentClient.ApiResponse erase(EmbeddedStack stack) {
    Endpoints endpoints = stack.endpoints();
    return new DeploymentClient(endpoints.http())
        .delete("/v1/messages/wamid.KEPT", endpoints.tenant("acme").orElseThrow().apiKey());
  }
}
