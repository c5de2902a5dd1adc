package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.operations.client.DeploymentClient;
import io.postflight.runtime.EventFeed;
import io.postflight.runtime.TestDeployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A real gateway under attack by clients without a key: other tenants are not affected. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiUnderAttackTest {
  /** About what the launcher gives where there is 1 GiB. */
  private static final int HEAP_MIB = 512;

  private static final int DIRECT_MIB = 128;

  private static final long MIB = 1 << 20;
  private static final String WEBHOOK = "/webhooks/whatsapp/acme";
  private static final String HEAD = "POST " + WEBHOOK + " HTTP/1.1\r\nHost: x\r\n";
  private static final String HTTP2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

  /** Requests without an end. */
  private static final Map<String, String> UNFINISHED =
      Map.of(
          "head of 1,500 lines", HEAD + "A: b\r\n".repeat(1_500),
          "head of 100 lines", HEAD + "A: b\r\n".repeat(100),
          "head of 15 KiB", HEAD + ("A: " + "b".repeat(3_600) + "\r\n").repeat(4),
          "head of 60 KiB", HEAD + ("A: " + "b".repeat(15_000) + "\r\n").repeat(4),
          "body", HEAD + "Content-Length: 1048576\r\n\r\n" + "b".repeat(10_000),
          "frame", HTTP2 + "\0\76\200\0\0\0\0\0\1" + "b".repeat(15_000),
          "header block", HTTP2 + "\0\72\230\1\0\0\0\0\1" + "\0".repeat(15_000));

  private final int port = freePort();
  private final int statusPort = freePort();
  private final HttpClient status =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final DeploymentClient client = new DeploymentClient("http://127.0.0.1:" + port);
  private final TestDeployment deployment =
      TestDeployment.of(
          "attack",
          "http { port = %d, statusPort = %d }".formatted(port, statusPort),
          "gateway { maxBody = 1MiB, maxBuffered = 4MiB }");
  private Process api;
  private EventFeed globex;
  private int sent;

  /** Tests of other modules run at the same time; the floods at full size run alone. */
  private static final Duration MOST_ON_A_BUSY_MACHINE = Duration.ofSeconds(25);

  private Duration slowest = Duration.ZERO;

  @BeforeAll
  void start() throws Exception {
    deployment.created();
    CommandRun.done(deployment, "tenants", "add", "acme", "--tier", "30d");
    String key =
        JsonMapper.builder()
            .build()
            .readTree(
                CommandRun.done(deployment, "tenants", "add", "globex", "--tier", "30d", "--json")
                    .out())
            .path("apiKey")
            .asText();
    globex = new EventFeed(client, "globex", key);
    api =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MIB + "m",
                "-XX:MaxDirectMemorySize=" + DIRECT_MIB + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Postflight.class.getName(),
                "run",
                "--roles",
                "api",
                "--config",
                deployment.file().toString())
            .redirectErrorStream(true)
            .redirectOutput(log().toFile())
            .start();
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(500))
        .ignoreExceptions()
        .until(() -> client.get("/health/ready", key).status() == 200);
  }

  @AfterAll
  void stop() throws Exception {
    if (!api.isAlive()) {
      System.out.println("ended with " + api.exitValue() + ":\n" + Files.readString(log()));
    }
    api.destroy();
    boolean ended = api.waitFor(20, TimeUnit.SECONDS);
    api.destroyForcibly().waitFor();
    assertThat(ended).as("ends when it is told to stop").isTrue();
  }

  @BeforeEach
  void forget() {
    slowest = Duration.ZERO;
  }

  @Test
  void other_tenants_are_served_and_memory_is_bounded() throws Exception {
    try (Attacker attacker = new Attacker(InetAddress.getLoopbackAddress(), port)) {
      for (int i = 0; i < 3; i++) {
        attacker.streams(1_000, "POST", WEBHOOK);
        attacker.stalledBody(WEBHOOK, 1 << 20);
        attacker.pipelined(2_000, "/docs");
      }
      attacker.streams(1_500, "GET", "/metrics");
      attacker.streams(1_500, "GET", "/docs");

      webhooks(40);
    }
    assertUnharmed();
  }

  @Test
  void a_flood_of_connections_of_one_address_does_not_affect_others() throws Exception {
    try (Attacker attacker = attacker(2)) {
      attacker.flood(250, "GET", "/docs");
      attacker.flood(250, "POST", WEBHOOK);

      assertServed(20);
    }
    assertUnharmed();
  }

  @Test
  void what_a_peer_does_is_not_logged_each_time() throws Exception {
    int before = Files.readString(log()).length();
    try (Attacker attacker = attacker(2)) {
      for (int i = 0; i < 100; i++) {
        attacker.endlessHeaders();
      }
      assertServed(1);
    }

    String logged = Files.readString(log()).substring(before);
    assertThat(logged).doesNotContain("\tat ");
    assertThat(logged.lines().filter(line -> line.contains(" WARN "))).hasSizeLessThan(10);
    assertUnharmed();
  }

  @Test
  void requests_without_an_end_from_ten_addresses_do_not_affect_others() throws Exception {
    for (Map.Entry<String, String> each : UNFINISHED.entrySet()) {
      Consumer<Attacker> attack = attacker -> attacker.unfinished(40, each.getValue());
      flood(each.getKey(), 10, Duration.ZERO, attack);
    }
    assertUnharmed();
  }

  @Test
  void resets_from_ten_addresses_do_not_affect_others() throws Exception {
    double before = closedForResets();
    flood("resets", 10, Duration.ZERO, attacker -> attacker.resets(40, 400));
    assertThat(closedForResets()).isGreaterThan(before);
    assertUnharmed();
  }

  @Test
  @Tag("soak")
  void resets_at_full_size_do_not_affect_others() throws Exception {
    for (int addresses : new int[] {1, 40}) {
      int connections = addresses == 1 ? 950 : 100;
      flood(
          "resets",
          addresses,
          Duration.ofSeconds(5),
          attacker -> attacker.resets(connections, 900));
    }
    assertUnharmed();
  }

  @Test
  @Tag("soak")
  void requests_without_an_end_at_full_size_do_not_affect_others() throws Exception {
    for (Map.Entry<String, String> each : UNFINISHED.entrySet()) {
      for (int addresses : new int[] {10, 50, 200}) {
        int connections = 3_000 / addresses;
        flood(
            each.getKey(),
            addresses,
            Duration.ofSeconds(3),
            attacker -> attacker.unfinished(connections, each.getValue()));
      }
    }
    assertUnharmed();
  }

  @Test
  @Tag("soak")
  void floods_of_connections_at_full_size_do_not_affect_others() throws Exception {
    Duration least = Duration.ofSeconds(15);
    for (int addresses : new int[] {1, 3}) {
      flood("GET /docs", addresses, least, attacker -> attacker.flood(950, "GET", "/docs"));
      flood("POST webhook", addresses, least, attacker -> attacker.flood(950, "POST", WEBHOOK));
    }
    assertUnharmed();
  }

  /** From so many addresses at once, while others are served. */
  private void flood(String what, int addresses, Duration least, Consumer<Attacker> attack)
      throws Exception {
    List<Attacker> attackers = new ArrayList<>();
    List<Thread> flooding = new ArrayList<>();
    for (int i = 0; i < addresses; i++) {
      Attacker attacker = attacker(2 + i);
      attackers.add(attacker);
      Thread thread = new Thread(() -> attack.accept(attacker), "flood");
      thread.start();
      flooding.add(thread);
    }
    slowest = Duration.ZERO;
    double most = 0;
    long end = System.nanoTime() + least.toNanos();
    while (System.nanoTime() < end || flooding.stream().anyMatch(Thread::isAlive)) {
      assertServed(5);
      most = Math.max(most, directBytes());
    }
    Duration during = slowest;
    slowest = Duration.ZERO;
    for (Attacker each : attackers) {
      each.close();
    }
    assertServed(5);
    System.out.printf(
        Locale.ROOT,
        "%s from %d addresses: slowest webhook %d ms, afterwards %d ms, direct %.1f MiB, %s%n",
        what,
        addresses,
        during.toMillis(),
        slowest.toMillis(),
        most / MIB,
        metrics().lines().filter(line -> line.startsWith("postflight_http_conn")).toList());
    assertThat(during).isLessThan(Duration.ofSeconds(5));
  }

  private Attacker attacker(int address) throws IOException {
    return new Attacker(InetAddress.getByName("127.0.0." + address), port);
  }

  /** Webhooks on a new connection, and the status port. */
  private void assertServed(int number) throws Exception {
    globex =
        new EventFeed(
            new DeploymentClient("http://127.0.0.1:" + port), globex.tenant(), globex.apiKey());
    webhooks(number);
    long start = System.nanoTime();
    assertThat(metrics()).contains("postflight_http_unread_bytes");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(MOST_ON_A_BUSY_MACHINE);
  }

  @Test
  @Tag("soak")
  void other_tenants_are_served_and_memory_is_bounded_at_full_size() throws Exception {
    double most = 0;
    // From an address of its own, or it would use up that of the others.
    try (Attacker attacker = new Attacker(InetAddress.getByName("127.0.0.2"), port)) {
      long end = System.nanoTime() + Duration.ofSeconds(100).toNanos();
      while (System.nanoTime() < end) {
        attacker.streams(33_500, "POST", WEBHOOK);
        attacker.streams(4_500, "GET", "/metrics");
        for (int i = 0; i < 45; i++) {
          attacker.streams(100, "GET", "/docs");
        }
        for (int i = 0; i < 22; i++) {
          attacker.stalledBody(WEBHOOK, 1 << 20);
          attacker.pipelined(10_000, "/docs");
        }
        webhooks(50);
        assertThat(api.isAlive()).as(Files.readString(log())).isTrue();
        most = Math.max(most, directBytes());
        System.out.printf(
            Locale.ROOT,
            "%d webhooks, heap %.0f MiB, direct %.0f MiB, %s%n",
            sent,
            metric("jvm_memory_used_bytes{area=\"heap\",id=\"Tenured Gen\"}") / MIB,
            directBytes() / MIB,
            metrics().lines().filter(line -> line.startsWith("postflight_http_conn")).toList());
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d webhooks of another tenant, the slowest %d ms, direct memory at most %.1f MiB%n%s%n",
        sent,
        slowest.toMillis(),
        most / MIB,
        metrics().lines().filter(line -> line.startsWith("postflight_http_")).toList());
    assertUnharmed();
  }

  /** Each must be answered 200. */
  private void webhooks(int number) {
    for (int i = 0; i < number; i++) {
      long start = System.nanoTime();
      globex.send(sent, sent + 1, "SENT");
      sent++;
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      slowest = took.compareTo(slowest) > 0 ? took : slowest;
    }
  }

  private void assertUnharmed() throws Exception {
    assertThat(slowest).isLessThan(MOST_ON_A_BUSY_MACHINE);
    assertThat(api.isAlive()).as(Files.readString(log())).isTrue();
    assertThat(Files.readString(log())).doesNotContain("OutOfMemoryError");
    assertThat(directBytes()).isLessThan(DIRECT_MIB * MIB);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> metric("postflight_gateway_buffered_bytes"), held -> held == 0);
    webhooks(1);
  }

  private double closedForResets() throws Exception {
    return metrics()
        .lines()
        .filter(line -> line.startsWith("postflight_http_connections_closed_total"))
        .filter(line -> line.contains("\"frames\"") || line.contains("\"resets\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private double directBytes() throws Exception {
    return metric("jvm_buffer_memory_used_bytes{id=\"direct\"}");
  }

  private double metric(String name) throws Exception {
    Matcher line =
        Pattern.compile("^" + Pattern.quote(name) + " (\\S+)", Pattern.MULTILINE)
            .matcher(metrics());
    assertThat(line.find()).as(name).isTrue();
    return Double.parseDouble(line.group(1));
  }

  private String metrics() throws Exception {
    return status
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + statusPort + "/metrics"))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private Path log() {
    return deployment.directory().resolve("api.log");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
