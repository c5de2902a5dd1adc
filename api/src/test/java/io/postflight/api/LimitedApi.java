package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.api.http.HttpLimits;
import io.postflight.devstack.junit.RawHttp2Client;
import io.postflight.store.Tier;
import io.postflight.store.memory.InMemoryEventStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

/** An API with small limits, and the connections to it, all closed at the end. */
abstract class LimitedApi {
  /** A response with a JSON object. */
  private static final Pattern WHOLE = Pattern.compile("\r\n\r\n\\{[^}]*}$");

  private static final int WINDOW = 0;
  static final int MAX_CONNECTIONS = 20;

  /** Of 20 KiB. */
  static final String LARGE_PAGE = "/v1/users/u/timeline";

  final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  final TestApi api(Map<String, String> changes) {
    Map<String, String> all = new HashMap<>(changes);
    all.put("maxConnections", Integer.toString(MAX_CONNECTIONS));
    all.put("shutdownTimeout", "0s");
    HttpLimits limits = HttpLimits.of(all);
    TestApi api =
        TestApi.reading(
            settings -> settings.withLimits(limits),
            store(TwoTiers.TIER_30D, "acme"),
            store(TwoTiers.TIER_15D, "globex"));
    open.add(api);
    return api;
  }

  /** With one event, which is the only one of its page. */
  private static InMemoryEventStore store(Tier tier, String tenant) {
    InMemoryEventStore store = new InMemoryEventStore(tier, InstantSource.fixed(TestApi.NOW));
    long time = TestApi.NOW.toEpochMilli() - 60_000;
    Map<String, String> large = Map.of("text", "x".repeat(20 << 10));
    new Given(store, tier).action(Given.action(tenant, "u", "viewed", time, large));
    return store;
  }

  /** Authenticated waiting requests of about as many bytes. */
  static void unread(RawHttp2Client client, int bytes) {
    int each = 14 << 10;
    Map<String, String> headers =
        Map.of("authorization", "Bearer " + ACME_KEY, "x-fill", "x".repeat(each - 4096));
    try {
      for (int i = 0; i < bytes / each; i++) {
        client.request("GET", "/v1/messages/none?wait=20s", true, headers);
      }
      client.flush();
    } catch (IOException closed) {
      // Before all was sent.
    }
  }

  /** From a numbered address. */
  final RawHttp2Client client(TestApi api, int from) throws IOException {
    RawHttp2Client client = new RawHttp2Client(connectFrom(api, from), WINDOW);
    open.add(0, client);
    return client;
  }

  static Socket connectFrom(TestApi api, int from) throws IOException {
    InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) from});
    return new Socket(InetAddress.getLoopbackAddress(), api.server.port(), address, 0);
  }

  final RawHttp2Client client(TestApi api) throws IOException {
    RawHttp2Client client = new RawHttp2Client(api.server.port(), WINDOW);
    open.add(0, client);
    return client;
  }

  final List<Socket> connect(TestApi api, int number) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      Socket socket = connect(api);
      assertThat(isServed(socket)).isTrue();
      sockets.add(socket);
    }
    return sockets;
  }

  final Socket connect(TestApi api) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.server.port());
    socket.setSoTimeout(10_000);
    open.add(0, socket);
    return socket;
  }

  static boolean isServed(Socket socket) {
    try {
      return get(socket, "/health/live", "X: y").startsWith("HTTP/1.1 200");
    } catch (IOException closed) {
      return false;
    }
  }

  static String get(Socket socket, String path, String header) throws IOException {
    String request = "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return answer(socket);
  }

  /** The next answer, or what precedes the end of the connection. */
  static String answer(Socket socket) throws IOException {
    StringBuilder answer = new StringBuilder();
    while (!WHOLE.matcher(answer).find()) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        break;
      }
      answer.append((char) next);
    }
    return answer.toString();
  }

  static void assertAnswers(RawHttp2Client client) throws IOException {
    client.frame(RawHttp2Client.PING, 0, 0, new byte[8]);
    client.flush();
    assertThat(client.await(RawHttp2Client.PING).flags()).isEqualTo(1);
  }

  static double closed(TestApi api, String reason) {
    return api.registry
        .counter("postflight.http.connections.closed", "server", "api", "reason", reason)
        .count();
  }

  static double gauge(TestApi api, String name) {
    return api.registry.get(name).gauge().value();
  }
}
