package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.runtime.EventFeed;
import io.postflight.runtime.TestDeployment;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Roles as processes of their own, as operators run them. */
class RoleProcessesTest {
  private static final Duration START = Duration.ofMinutes(2);
  private static final int GRACE_SECONDS = 20;

  /** Of a process that has nothing to commit; most of it is for a busy machine. */
  private static final int STOP_SECONDS = 10;

  private final List<Process> processes = new ArrayList<>();
  private final int port;
  private final TestDeployment deployment;

  RoleProcessesTest() throws IOException {
    port = freePort();
    deployment = TestDeployment.of("processes", "http.port = " + port);
  }

  @AfterEach
  void killWhatIsLeft() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void each_role_runs_by_itself_survives_the_death_of_another_and_stops_within_20_seconds()
      throws Exception {
    deployment.created();
    String key =
        JsonMapper.builder()
            .build()
            .readTree(
                CommandRun.done(deployment, "tenants", "add", "acme", "--tier", "30d", "--json")
                    .out())
            .path("apiKey")
            .asText();
    DeploymentClient client = new DeploymentClient("http://127.0.0.1:" + port);
    EventFeed feed = new EventFeed(client, "acme", key);

    Process topology = run("topology", "topology");
    Process sink = run("sink", "sink:30d");
    Process api = run("api", "api");
    awaitServing(client, key);
    feed.send(0, 1, "DELIVERED");
    assertThat(read(client, key, "m-0")).isEqualTo("DELIVERED");

    Process twin = run("twin", "sink:*");
    sink.destroyForcibly().waitFor();
    feed.send(1, 2, "READ");
    assertThat(read(client, key, "m-1")).isEqualTo("READ");
    awaitNoDifference();

    for (Process process : List.of(topology, twin, api)) {
      process.destroy();
    }
    for (Process process : List.of(topology, twin, api)) {
      assertThat(process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)).as(logs()).isTrue();
      assertThat(process.exitValue()).as(logs()).isZero();
    }
    assertThat(Files.readString(log("twin")))
        .as("reported as started once it reads")
        .containsSubsequence(
            "Roles sink:* are starting", "Sink 30d reads", "Roles sink:* are started");
  }

  @Test
  void a_process_is_live_while_it_waits_for_its_servers_and_stops_at_once() throws Exception {
    Process waiting =
        run("waiting", "topology,api", "--create", "--set", "kafka.bootstrap=127.0.0.1:9");
    DeploymentClient client = new DeploymentClient("http://127.0.0.1:" + port);
    Awaitility.await()
        .atMost(START)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(() -> client.get("/health/live", "none").status() == 200);

    HttpResponse<String> webhook =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(client.webhookUrl("whatsapp", "acme")))
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(webhook.statusCode()).isEqualTo(503);
    assertThat(webhook.headers().firstValue("retry-after")).isPresent();
    assertThat(client.get("/v1/messages/m-1", "none").status()).isEqualTo(503);
    assertThat(client.get("/health/ready", "none").status()).isEqualTo(503);
    Awaitility.await()
        .atMost(START)
        .until(
            () ->
                Files.readString(log("waiting"))
                    .contains("Waiting for a server: Kafka at 127.0.0.1:9"));
    assertThat(waiting.isAlive()).as(logs()).isTrue();
    waiting.destroy();

    assertThat(waiting.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).as(logs()).isTrue();
    assertThat(waiting.exitValue()).as(logs()).isZero();
  }

  private Process run(String name, String roles, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Postflight.class.getName(),
                "run",
                "--roles",
                roles,
                "--config",
                deployment.file().toString(),
                "--set",
                "topology.stateDir=" + deployment.directory().resolve("state-" + name)));
    command.addAll(List.of(more));
    File log = log(name).toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    processes.add(process);
    return process;
  }

  private Path log(String name) {
    return deployment.directory().resolve(name + ".log");
  }

  /** The ends of all logs, for the message of a failure. */
  private String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.newDirectoryStream(deployment.directory(), "*.log")) {
      for (Path file : files) {
        List<String> lines = Files.readAllLines(file);
        all.append(file.getFileName()).append(":\n");
        lines
            .subList(Math.max(0, lines.size() - 20), lines.size())
            .forEach(line -> all.append(line).append('\n'));
      }
    }
    return all.toString();
  }

  private void awaitServing(DeploymentClient client, String key) {
    Awaitility.await()
        .atMost(START)
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(() -> client.get("/v1/messages/none", key).status() == 404);
  }

  /** What becomes of a message, waited for: processes take long to start on a busy machine. */
  private static String read(DeploymentClient client, String key, String id) {
    return Awaitility.await()
        .atMost(START)
        .until(
            () ->
                client
                    .get("/v1/messages/" + id + "?wait=10s", key)
                    .body()
                    .path("status")
                    .asText(""),
            status -> !status.isEmpty() && !status.equals("404"));
  }

  /** Waits until the normalizer has committed what it read, and compares it. */
  private void awaitNoDifference() {
    Awaitility.await()
        .atMost(START)
        .untilAsserted(
            () -> {
              CommandRun run =
                  CommandRun.done(
                      deployment, "normalize --replay --provider events --from 1h".split(" "));
              assertThat(run.lines())
                  .containsExactly(
                      "2 webhooks read, 2 events compared: 0 new, 0 changed, 0 gone; 0 rejected");
            });
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
