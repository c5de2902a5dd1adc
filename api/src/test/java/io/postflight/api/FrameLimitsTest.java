package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.junit.RawHttp2Client;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames, resets and chunks, which cost the server more than their sender. */
final class FrameLimitsTest extends LimitedApi {
  private static final String POST = "POST /webhooks/whatsapp/acme HTTP/1.1\r\nHost: x\r\n";
  private static final String WEBHOOK = "/webhooks/whatsapp/acme";
  private static final String WAITING = "/v1/messages/none?wait=20s";
  private static final Map<String, String> KEY = Map.of("authorization", "Bearer " + ACME_KEY);
  private static final int LARGE_WINDOW = 1 << 20;
  private static final int PRIORITY = 2;

  @Test
  void headers_in_too_many_frames_are_cut_off() throws Exception {
    RawHttp2Client client = client(api(Map.of()));
    client.frame(RawHttp2Client.HEADERS, 0, 1, new byte[0]);
    try {
      for (int i = 0; i < 100_000; i++) {
        client.frame(RawHttp2Client.CONTINUATION, 0, 1, new byte[0]);
      }
      client.flush();
    } catch (IOException closed) {
      // Before all was sent.
    }

    assertThat(client.isClosedWithin(10_000)).isTrue();
  }

  @Test
  void too_many_reset_requests_are_cut_off() throws Exception {
    RawHttp2Client client = client(api(Map.of()));
    try {
      for (int i = 0; i < 2_000; i++) {
        int stream = client.request("POST", "/webhooks/whatsapp/acme", false, Map.of());
        client.frame(RawHttp2Client.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
      }
      client.flush();
    } catch (IOException closed) {
      // Before all was sent.
    }

    assertThat(client.isClosedWithin(10_000)).isTrue();
  }

  /** PING, SETTINGS, PRIORITY, WINDOW_UPDATE, an unknown type; DATA of one byte; trailers. */
  @ParameterizedTest
  @CsvSource({"6, 0, 8", "4, 0, 0", "2, 3, 5", "8, 0, 4", "250, 0, 0", "0, 1, 1"})
  void too_many_frames_besides_requests_are_cut_off(int type, int stream, int length)
      throws Exception {
    TestApi api = api(Map.of());
    RawHttp2Client client = client(api);
    client.request("POST", "/webhooks/whatsapp/acme", false, Map.of());
    byte[] payload = new byte[length];
    if (length > 0) {
      payload[length - 1] = 1;
    }
    try {
      for (int i = 0; i < 1_100; i++) {
        client.frame(type, 0, stream, payload);
      }
      client.flush();
    } catch (IOException closed) {
      // Before all was sent.
    }

    assertThat(client.isClosedWithin(10_000)).isTrue();
    assertThat(closed(api, "frames")).isEqualTo(1);
  }

  @Test
  void frames_that_responses_cause_are_not_limited() throws Exception {
    TestApi api = api(Map.of());
    RawHttp2Client client = new RawHttp2Client(api.server.port(), 1 << 20);
    open.add(0, client);
    Map<String, String> key = Map.of("authorization", "Bearer " + ACME_KEY);
    for (int i = 0; i < 60; i++) {
      client.request("GET", LARGE_PAGE, true, key);
      for (int k = 0; k < 20; k++) {
        client.frame(RawHttp2Client.WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 4, 0});
      }
      client.flush();
      while (client.await(RawHttp2Client.DATA).flags() == 0) {
        // The page has more than one.
      }
    }

    assertThat(closed(api, "frames")).isZero();
  }

  @ParameterizedTest
  @CsvSource({"POST, /webhooks/whatsapp/acme", "GET, /docs"})
  void resets_of_an_unauthenticated_connection_are_limited(String method, String path)
      throws Exception {
    TestApi api = api(Map.of());
    RawHttp2Client client = client(api);
    try {
      reset(client, 80, method, path, Map.of());
    } catch (IOException closed) {
      // Before all was sent.
    }

    assertThat(client.isClosedWithin(10_000)).isTrue();
    assertThat(closed(api, "frames")).isEqualTo(1);
  }

  @Test
  void a_client_that_cancels_some_requests_is_served() throws Exception {
    TestApi api = api(Map.of());
    RawHttp2Client client = client(api, LARGE_WINDOW, 2);
    reset(client, 25, "POST", WEBHOOK, Map.of());
    for (int i = 0; i < 50; i++) {
      reset(client, 1, "POST", WEBHOOK, Map.of());
      for (int k = 0; k < 6; k++) {
        client.request("GET", "/health/live", true, Map.of());
      }
      client.flush();
      for (int k = 0; k < 6; k++) {
        client.await(RawHttp2Client.HEADERS);
      }
    }

    assertAnswers(client);
    assertThat(closed(api, "frames")).isZero();
    assertThat(closed(api, "resets")).isZero();
  }

  @Test
  void an_authenticated_client_may_cancel_more_at_once() throws Exception {
    TestApi api = api(Map.of());
    RawHttp2Client client = client(api, LARGE_WINDOW, 2);
    client.request("GET", "/v1/messages/none", true, KEY);
    client.flush();
    client.await(RawHttp2Client.HEADERS);
    reset(client, 400, "GET", WAITING, KEY);

    assertAnswers(client);
  }

  @Test
  void resets_of_an_authenticated_connection_are_limited_too() throws Exception {
    TestApi api = api(Map.of());
    RawHttp2Client client = client(api, LARGE_WINDOW, 2);
    client.request("GET", "/v1/messages/none", true, KEY);
    client.flush();
    client.await(RawHttp2Client.HEADERS);
    try {
      // So many that the budget cannot refill meanwhile.
      reset(client, 5_000, "GET", WAITING, KEY);
    } catch (IOException closed) {
      // Before all was sent.
    }

    assertThat(client.isClosedWithin(10_000)).isTrue();
    assertThat(closed(api, "resets")).isEqualTo(1);
  }

  @Test
  void clients_of_a_trusted_proxy_may_cancel_more_at_once() throws Exception {
    TestApi api = api(Map.of("trustedProxies", "127.0.0.0/8, ::1"));
    RawHttp2Client client = client(api, LARGE_WINDOW, 2);
    reset(client, 1_000, "POST", WEBHOOK, Map.of());

    assertAnswers(client);
  }

  @Test
  void resets_on_new_connections_of_an_address_are_limited_together() throws Exception {
    TestApi api = api(Map.of());
    for (int i = 0; i < 200 && closed(api, "resets") == 0; i++) {
      try (RawHttp2Client client = client(api, LARGE_WINDOW, 2)) {
        reset(client, 40, "POST", WEBHOOK, Map.of());
        assertAnswers(client);
      } catch (IOException closed) {
        // The budget is used up.
      }
    }

    assertThat(closed(api, "resets")).isEqualTo(1);
    assertThat(closed(api, "frames")).isZero();
    RawHttp2Client other = client(api, LARGE_WINDOW, 3);
    reset(other, 40, "POST", WEBHOOK, Map.of());
    assertAnswers(other);
  }

  @Test
  void requests_that_the_server_resets_for_errors_are_limited() throws Exception {
    TestApi api = api(Map.of());
    RawHttp2Client client = client(api, LARGE_WINDOW, 2);
    try {
      for (int i = 0; i < 80; i++) {
        int stream = client.request("POST", WEBHOOK, false, Map.of());
        client.frame(RawHttp2Client.WINDOW_UPDATE, 0, stream, new byte[4]);
      }
      client.flush();
    } catch (IOException closed) {
      // Before all was sent.
    }

    assertThat(client.isClosedWithin(10_000)).isTrue();
    assertThat(closed(api, "frames")).isEqualTo(1);
  }

  @Test
  void frames_that_are_refused_before_they_are_read_are_limited() throws Exception {
    TestApi api = api(Map.of());
    RawHttp2Client client = client(api, LARGE_WINDOW, 2);
    try {
      for (int i = 0; i < 1_100; i++) {
        client.frame(PRIORITY, 0, 2 * i + 1, new byte[4]);
      }
      client.flush();
    } catch (IOException closed) {
      // Before all was sent.
    }

    assertThat(client.isClosedWithin(10_000)).isTrue();
    assertThat(closed(api, "frames")).isEqualTo(1);
  }

  @Test
  void responses_before_the_end_of_a_request_are_not_limited() throws Exception {
    TestApi api = api(Map.of());
    RawHttp2Client client = client(api, LARGE_WINDOW, 2);
    for (int i = 0; i < 80; i++) {
      client.request("POST", "/nowhere", false, Map.of());
      client.flush();
      client.await(RawHttp2Client.HEADERS);
    }

    assertAnswers(client);
    assertThat(closed(api, "frames")).isZero();
  }

  @Test
  void connections_closed_before_their_responses_are_limited_together() throws Exception {
    TestApi api = api(Map.of());
    for (int i = 0; i < 200 && closed(api, "resets") == 0; i++) {
      try (RawHttp2Client client = client(api, LARGE_WINDOW, 2)) {
        for (int k = 0; k < 90; k++) {
          client.request("POST", WEBHOOK, false, Map.of());
        }
        assertAnswers(client);
      } catch (IOException refused) {
        // The budget is used up.
      }
    }

    assertThat(closed(api, "resets")).isPositive();
    assertAnswers(client(api, LARGE_WINDOW, 3));
  }

  @ParameterizedTest
  @CsvSource({"1.1", "1.0"})
  void connections_closed_after_their_responses_are_not_limited(String version) throws Exception {
    TestApi api = api(Map.of());
    for (int i = 0; i < 600; i++) {
      try (Socket socket = connect(api)) {
        String request = "GET /health/live HTTP/" + version + "\r\nHost: x\r\n";
        socket
            .getOutputStream()
            .write((request + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
      }
    }

    assertThat(closed(api, "resets")).isZero();
  }

  private static void reset(
      RawHttp2Client client, int number, String method, String path, Map<String, String> headers)
      throws IOException {
    for (int i = 0; i < number; i++) {
      int stream = client.request(method, path, method.equals("GET"), headers);
      client.frame(RawHttp2Client.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }
    client.flush();
  }

  private RawHttp2Client client(TestApi api, int window, int from) throws IOException {
    RawHttp2Client client = new RawHttp2Client(connectFrom(api, from), window);
    open.add(0, client);
    return client;
  }

  @Test
  void too_many_small_chunks_are_cut_off() throws Exception {
    TestApi api = api(Map.of());
    Socket socket = connect(api);
    chunks(socket, 1_100, 1);

    Awaitility.await().until(() -> closed(api, "frames") == 1);
    assertThat(isServed(socket)).isFalse();
  }

  @Test
  void larger_chunks_are_not_limited_whatever_they_contain() throws Exception {
    TestApi api = api(Map.of());
    chunks(connect(api), 2_000, 100);

    Awaitility.await().until(() -> gauge(api, "postflight.gateway.buffered.bytes") >= 2_000 * 100);
    assertThat(closed(api, "frames")).isZero();
  }

  @Test
  void an_authenticated_client_may_send_each_body_in_small_chunks() throws Exception {
    TestApi api = api(Map.of());
    Socket socket = connect(api);
    String body = "1\r\n \r\n".repeat(50) + "4\r\nnull\r\n0\r\n\r\n";
    String head =
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
            + "Content-Type: application/json\r\nAuthorization: Bearer "
            + ACME_KEY
            + "\r\n\r\n";
    for (int i = 0; i < 60; i++) {
      socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
      assertThat(answer(socket)).contains("HTTP/1.1 400");
    }

    assertThat(closed(api, "frames")).isZero();
  }

  @Test
  void too_many_trailers_are_cut_off() throws Exception {
    TestApi api = api(Map.of());
    Socket socket = connect(api);
    String body = POST + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + "a:\r\n".repeat(1_100);
    socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));

    Awaitility.await().until(() -> closed(api, "frames") == 1);
    assertThat(isServed(socket)).isFalse();
  }

  private static void chunks(Socket socket, int number, int length) throws IOException {
    String chunk = Integer.toHexString(length) + "\r\n" + "\n".repeat(length) + "\r\n";
    String body = POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(number);
    socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
  }
}
