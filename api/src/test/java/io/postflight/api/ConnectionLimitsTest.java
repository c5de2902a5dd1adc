package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.GLOBEX_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.devstack.junit.RawHttp2Client;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of resources held for peers, at small values. */
final class ConnectionLimitsTest extends LimitedApi {
  @Test
  void an_address_has_its_share_of_connections() throws Exception {
    TestApi api = api(Map.of("maxConnectionsPerAddress", "3"));
    List<Socket> taken = connect(api, 3);

    assertThat(isServed(connect(api))).isFalse();
    assertThat(taken).allMatch(LimitedApi::isServed);
    assertThat(closed(api, "address_limit")).isEqualTo(1);

    taken.get(0).close();
    Awaitility.await().until(() -> isServed(connect(api)));
  }

  @Test
  void a_trusted_proxy_has_no_connection_limit() throws Exception {
    TestApi api =
        api(Map.of("maxConnectionsPerAddress", "3", "trustedProxies", "127.0.0.0/8, ::1"));

    assertThat(connect(api, 6)).allMatch(LimitedApi::isServed);
  }

  @Test
  void a_new_connection_replaces_the_longest_idle_unauthenticated_one() throws Exception {
    TestApi api = api(Map.of());
    Socket authenticated = connect(api);
    assertThat(get(authenticated, "/v1/messages/none", "Authorization: Bearer " + ACME_KEY))
        .contains("HTTP/1.1 404");
    List<Socket> strangers = connect(api, MAX_CONNECTIONS / 2);
    // A connection moves in the order once its read is complete: before its next request is read.
    assertThat(isServed(strangers.get(0))).isTrue();
    assertThat(isServed(strangers.get(0))).as("no longer the longest idle").isTrue();

    assertThat(isServed(connect(api))).isTrue();

    assertThat(isServed(strangers.get(1))).as("the longest idle").isFalse();
    assertThat(isServed(strangers.get(0))).isTrue();
    assertThat(isServed(authenticated)).isTrue();
    assertThat(closed(api, "evicted")).isEqualTo(1);
  }

  @Test
  void an_address_with_few_connections_keeps_them_when_another_opens_many() throws Exception {
    TestApi api = api(Map.of());
    RawHttp2Client few = client(api, 2);
    assertAnswers(few);

    connect(api, 3 * MAX_CONNECTIONS);

    assertAnswers(few);
    assertThat(closed(api, "evicted")).isEqualTo(1 + 3 * MAX_CONNECTIONS - MAX_CONNECTIONS / 2.0);
  }

  @Test
  void unread_bytes_of_a_connection_are_limited() throws Exception {
    TestApi api = api(Map.of("maxUnreadPerConnection", "64KiB", "maxUnread", "1MiB"));
    RawHttp2Client client = client(api);
    for (int i = 0; i < 100; i++) {
      client.request("GET", "/docs", true, Map.of());
    }
    client.flush();

    assertThat(client.isClosedWithin(10_000)).isTrue();
    assertThat(closed(api, "unread")).isEqualTo(1);
    Awaitility.await().until(() -> gauge(api, "postflight.http.unread.bytes") == 0);
  }

  @Test
  void unread_bytes_of_all_unauthenticated_connections_are_limited() throws Exception {
    TestApi api = api(Map.of("maxUnreadPerConnection", "100KiB", "maxUnread", "256KiB"));
    for (int i = 0; i < 8; i++) {
      RawHttp2Client client = client(api, 2 + i);
      client.request("GET", "/docs", true, Map.of());
      client.flush();
    }

    Awaitility.await().until(() -> closed(api, "unread_unauthenticated") > 0);
    Awaitility.await().until(() -> gauge(api, "postflight.http.unread.bytes") <= 128 << 10);
    assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void unread_bytes_of_one_address_do_not_affect_others() throws Exception {
    TestApi api = api(Map.of("maxUnreadPerConnection", "128KiB", "maxUnread", "512KiB"));
    // Holds the most bytes, and does not read.
    RawHttp2Client other = client(api, 2);
    unread(other, 90 << 10);
    for (int i = 0; i < 8; i++) {
      unread(client(api, 3), 80 << 10);
    }

    // Its own share and the other's, whichever connections were closed.
    Awaitility.await()
        .until(
            () ->
                closed(api, "unread_of_address") > 0
                    && gauge(api, "postflight.http.unread.bytes") <= 256 << 10);
    assertAnswers(other);
  }

  @Test
  void on_a_proxys_connection_only_the_excess_exchange_is_rejected() throws Exception {
    TestApi api =
        api(
            Map.of(
                "maxUnreadPerConnection", "64KiB",
                "maxUnread", "4MiB",
                "trustedProxies", "127.0.0.0/8, ::1"));
    RawHttp2Client client = client(api);
    int requests = 90;
    for (int i = 0; i < requests; i++) {
      client.request("GET", "/docs", true, Map.of());
    }
    client.flush();

    int served = 0;
    for (int i = 0; i < requests; i++) {
      // ":status: 200" is indexed in HPACK; 503 is not.
      served += client.await(RawHttp2Client.HEADERS).payload().get(0) == (byte) 0x88 ? 1 : 0;
    }
    assertThat(served).isBetween(1, requests / 2);
    assertThat(closed(api, "unread")).isZero();
    assertThat(gauge(api, "postflight.http.unread.bytes")).isLessThan(1 << 20);
  }

  @Test
  void a_tenant_has_its_share_of_all_proxies_connections() throws Exception {
    TestApi api =
        api(
            Map.of(
                "maxUnreadPerConnection", "64KiB",
                "maxUnread", "128KiB",
                "trustedProxies", "127.0.0.0/8, ::1"));
    // Each response has 20 KiB, and none is read: three are within the share of 64 KiB.
    for (int i = 0; i < 3; i++) {
      RawHttp2Client client = client(api);
      client.request("GET", LARGE_PAGE, true, Map.of("authorization", "Bearer " + ACME_KEY));
      client.flush();
      assertThat(client.await(RawHttp2Client.HEADERS).payload().get(0)).isEqualTo((byte) 0x88);
    }

    assertThat(api.get(LARGE_PAGE, ACME_KEY).statusCode()).isEqualTo(503);
    assertThat(api.get(LARGE_PAGE, GLOBEX_KEY).statusCode()).isEqualTo(200);
    open.remove(0).close();
    Awaitility.await().until(() -> api.get(LARGE_PAGE, ACME_KEY).statusCode() == 200);
  }

  @Test
  void a_body_that_no_service_reads_is_discarded() throws Exception {
    TestApi api = api(Map.of());
    Socket socket = connect(api);
    byte[] body = new byte[16 << 20];
    String headers =
        "GET /v1/messages/none?wait=5s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + ACME_KEY
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    socket.getOutputStream().write(headers.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);

    assertThat(socket.getInputStream().available()).as("it is still pending").isZero();
    assertThat(socket.getInputStream().read()).isEqualTo('H');
  }

  @Test
  void a_connection_that_reads_nothing_is_closed_after_the_idle_timeout() throws Exception {
    TestApi api = api(Map.of("idleTimeout", "1s"));
    RawHttp2Client client = client(api);
    client.request("GET", "/docs", true, Map.of());
    client.flush();

    assertThat(client.isClosedWithin(10_000)).isTrue();
    assertThat(closed(api, "stalled")).isEqualTo(1);
  }

  @Test
  void unread_control_frames_do_not_accumulate() throws Exception {
    TestApi api = api(Map.of("trustedProxies", "127.0.0.0/8, ::1"));
    RawHttp2Client client = client(api);
    byte[] ping = new byte[8];

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              try {
                for (int i = 0; i < 20_000; i++) {
                  client.frame(RawHttp2Client.PING, 0, 0, ping);
                }
                client.flush();
              } catch (IOException closed) {
                return true;
              }
              return false;
            });
    assertThat(closed(api, "control_frames")).isEqualTo(1);
  }

  @Test
  void endless_headers_are_cut_off() throws Exception {
    TestApi api = api(Map.of("idleTimeout", "1s"));
    Socket socket = connect(api);
    socket
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: x\r\nX: ".getBytes(StandardCharsets.US_ASCII));

    Awaitility.await()
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              try {
                socket.getOutputStream().write('x');
                return false;
              } catch (IOException closed) {
                return true;
              }
            });
  }

  /** All but the first target are rejected before routing. */
  @ParameterizedTest
  @ValueSource(strings = {"/health/live", "/health/live;", "/nowhere"})
  void pipelined_requests_are_limited(String target) throws Exception {
    TestApi api = api(Map.of("maxStreams", "10"));
    Socket socket = connect(api);
    // All others queue behind the first.
    String first = "GET /v1/messages/none?wait=20s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ";
    String more = ("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").repeat(40);
    socket
        .getOutputStream()
        .write((first + ACME_KEY + "\r\n\r\n" + more).getBytes(StandardCharsets.US_ASCII));

    Awaitility.await().until(() -> closed(api, "requests") == 1);
    assertThat(isServed(socket)).isFalse();
  }

  @Test
  void a_body_that_never_arrives_is_released_at_the_request_timeout() throws Exception {
    TestApi api = api(Map.of("requestTimeout", "300ms"));
    RawHttp2Client client = client(api);
    for (int i = 0; i < 50; i++) {
      client.request("POST", "/webhooks/whatsapp/acme", false, Map.of());
    }
    client.flush();

    Awaitility.await().until(() -> gauge(api, "postflight.gateway.buffered.bytes") == 50 * 2048);
    Awaitility.await().until(() -> gauge(api, "postflight.gateway.buffered.bytes") == 0);
  }
}
