package io.postflight.api;

import static io.postflight.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.postflight.api.query.CursorSecret;
import io.postflight.devstack.junit.RawHttp2Client;
import io.postflight.store.Tier;
import io.postflight.store.memory.InMemoryEventStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Behaviour common to all routes. */
final class HttpEdgeTest {
  @AutoClose
  private static final TestApi API =
      TestApi.reading(
          new InMemoryEventStore(
              Tier.of("30d", Duration.ofDays(30)), InstantSource.fixed(TestApi.NOW)));

  @ParameterizedTest
  @CsvSource({
    "GET, /, 404",
    "GET, /nowhere, 404",
    "GET, /v1/messages/a/b, 404",
    "GET, /webhooks/whatsapp, 404",
    "GET, /webhooks/nobody/acme, 404",
    "GET, /webhooks/whatsapp/nobody, 404",
    "GET, /v1/messages/m-1, 401",
    "GET, /v1/users/u-1/timeline, 401",
    "DELETE, /v1/users/u-1/timeline, 405",
    "PUT, /v1/events, 405",
    "GET, /webhooks/events/acme, 405",
  })
  void errors_are_problems_with_a_request_id(String method, String path, int status) {
    HttpResponse<String> response =
        API.send(
            API.request(path)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("X-Request-Id", "given-1"));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(response.headers().allValues("x-request-id")).containsExactly("given-1");
    assertThat(json(response).get("status").asInt()).isEqualTo(status);
    assertThat(json(response).get("type").asText()).isEqualTo("about:blank");
    assertThat(json(response).get("title").asText()).isNotBlank();
    assertThat(json(response).get("detail").asText()).isNotBlank();
    assertThat(json(response).get("requestId").asText()).isEqualTo("given-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "quote\"d", "<script>"})
  void an_invalid_request_id_is_replaced(String given) {
    HttpResponse<String> response =
        API.send(API.request("/health/live").header("X-Request-Id", given));

    assertThat(response.headers().allValues("x-request-id"))
        .singleElement()
        .asString()
        .isNotEqualTo(given)
        .matches("[0-9a-f]{8,64}");
  }

  @Test
  void the_status_port_responds_like_the_public_port() throws Exception {
    try (StatusServer status =
        StatusServer.start(
            "127.0.0.1", 0, List.of(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))) {
      String address = "http://127.0.0.1:" + status.port();
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(address + "/health/live"))
                      .header("X-Request-Id", "given-1")
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().allValues("x-request-id")).containsExactly("given-1");
      assertThat(response.headers().firstValue("x-content-type-options")).hasValue("nosniff");
      HttpResponse<String> notLiteral =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(address + "/health//live")).build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(notLiteral.statusCode()).isEqualTo(400);
    }
  }

  @Test
  void a_method_not_allowed_response_lists_the_allowed_methods() {
    HttpResponse<String> response = API.send(API.request("/webhooks/whatsapp/acme").DELETE());

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).hasValue("GET, POST");
  }

  @Test
  void invalid_http_is_answered_400() throws IOException {
    assertThat(raw("GET /v1/messages/%zz HTTP/1.1\r\nHost: x\r\n\r\n")).contains("HTTP/1.1 400");
    assertThat(raw("NONSENSE\r\n\r\n")).contains("HTTP/1.1 400");
  }

  @Test
  void too_many_headers_are_rejected() throws IOException {
    String answer =
        raw("GET /health/live HTTP/1.1\r\nHost: x\r\nX-Big: " + "a".repeat(20_000) + "\r\n\r\n");

    assertThat(answer).containsPattern("HTTP/1.1 4\\d\\d").containsIgnoringCase("x-request-id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.0\r\n", "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"})
  void the_last_response_closes_the_connection(String rest) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), API.server.port())) {
      socket.setSoTimeout(2_000);
      socket
          .getOutputStream()
          .write(("GET /health/live " + rest + "\r\n").getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .contains("200 OK");
    }
  }

  @Test
  void an_early_response_arrives_while_the_client_keeps_sending() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), API.server.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      String head =
          """
          POST /webhooks/whatsapp/acme HTTP/1.1\r
          Host: x\r
          Connection: close\r
          Content-Length: 100000000\r
          \r
          """;
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] first = socket.getInputStream().readNBytes(12);
      out.write(new byte[4 << 20]);

      assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .contains("exceeds the maximum");
    }
  }

  @Test
  void a_connection_has_100_streams_at_a_time() throws IOException {
    try (RawHttp2Client client = new RawHttp2Client(API.server.port(), 0)) {
      assertThat(client.await(RawHttp2Client.SETTINGS).setting(3)).isEqualTo(100);
      int last = 0;
      for (int i = 0; i < 101; i++) {
        last = client.request("POST", "/webhooks/whatsapp/acme", false, Map.of());
      }
      client.flush();

      RawHttp2Client.Frame refused = client.await(RawHttp2Client.RST_STREAM);
      assertThat(refused.stream()).isEqualTo(last);
      assertThat(refused.payload().getInt()).as("REFUSED_STREAM").isEqualTo(7);
    }
  }

  @Test
  void a_path_cannot_traverse_upwards() throws IOException {
    assertThat(raw("GET /health/../../metrics HTTP/1.1\r\nHost: x\r\n\r\n"))
        .containsPattern("HTTP/1.1 4\\d\\d");
    HttpResponse<String> encoded = API.get("/..%2f..%2fetc%2fpasswd");
    assertThat(encoded.statusCode()).isEqualTo(400);
    assertThat(json(encoded).get("requestId").asText()).isNotBlank();
  }

  @Test
  void liveness_and_readiness_are_200() {
    assertThat(API.get("/health/live").statusCode()).isEqualTo(200);
    HttpResponse<String> ready = API.get("/health/ready");
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.body()).as("no details without a key").isEqualTo("{\"ready\":true}");
    JsonNode status = json(API.get("/health/status", TestApi.OPERATOR_KEY));
    assertThat(status.at("/ready").asBoolean()).isTrue();
    assertThat(status.at("/healthy").asBoolean()).isTrue();
    assertThat(status.at("/dependencies/store.30d/ready").asBoolean()).isTrue();
    assertThat(status.at("/dependencies/store.30d/necessary").asBoolean()).isFalse();
    assertThat(status.at("/dependencies/tenants/necessary").asBoolean()).isTrue();
  }

  @Test
  void metrics_are_prometheus_text_with_names_of_services() {
    API.get("/v1/messages/none", TestApi.ACME_KEY);

    String metrics = API.get("/metrics", TestApi.OPERATOR_KEY).body();

    assertThat(metrics)
        .contains("postflight_reads_total{coalesced=\"false\",query=\"message\"}")
        .contains("postflight_read_seconds_count{query=\"message\"}")
        .contains("service=\"message\"");
  }

  @Test
  void metrics_require_the_operator_key() {
    assertThat(API.get("/metrics").statusCode()).isEqualTo(401);
    assertThat(API.get("/health/status").statusCode()).isEqualTo(401);
    assertThat(API.get("/metrics", TestApi.ACME_KEY).statusCode()).isEqualTo(401);
    assertThat(API.get("/v1/messages/none", TestApi.OPERATOR_KEY).statusCode()).isEqualTo(401);
  }

  @Test
  void faults_of_peers_are_logged_at_debug_only() throws IOException {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    try {
      API.get("/nowhere");
      API.get("/v1/messages/m-1");
      API.get("/v1/messages?limit=many", TestApi.ACME_KEY);
      double before = brokenOff();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), API.server.port())) {
        socket
            .getOutputStream()
            .write(
                "POST /webhooks/whatsapp/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"
                    .getBytes(StandardCharsets.ISO_8859_1));
      }
      Awaitility.await().until(() -> brokenOff() > before);
    } finally {
      root.detachAppender(log);
    }

    assertThat(List.copyOf(log.list)).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
  }

  private static double brokenOff() {
    return API.registry
        .counter("postflight.webhooks", "provider", "whatsapp", "outcome", "aborted")
        .count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: a\r\nHost: b\r\nContent-Length: 2",
        "Host: a\r\nHost: a\r\nContent-Length: 2",
        "Host: a\r\n Host: b\r\nContent-Length: 2",
        "Host: a\r\n\tb\r\nContent-Length: 2",
        "Host: a, b\r\nContent-Length: 2",
        "Host: a,b\r\nContent-Length: 2",
        "Content-Length: 2",
        "Host: a\r\nTransfer-Encoding: gzip\r\nContent-Length: 2",
        "Host: a\r\nTransfer-Encoding: gzip, chunked\r\nContent-Length: 2",
        "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Host: a\r\nContent-Length: 2\r\nContent-Length: 3",
      })
  void ambiguous_requests_are_400(String headers) throws IOException {
    assertThat(raw("POST /webhooks/whatsapp/acme HTTP/1.1\r\n" + headers + "\r\n\r\n{}"))
        .startsWith("HTTP/1.1 400")
        .containsIgnoringCase("x-request-id")
        .containsIgnoringCase("application/problem+json")
        .contains("exactly one Host", "one Content-Length", "no Transfer-Encoding but chunked");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /webhooks/whatsapp/acme, gzip",
    "POST, /webhooks/whatsapp/acme, identity|gzip",
    "POST, /v1/events, br",
    "PATCH, /v1/messages/m-1, gzip",
  })
  void a_body_with_a_content_encoding_is_415(String method, String path, String encodings) {
    HttpRequest.Builder request =
        API.request(path).method(method, HttpRequest.BodyPublishers.ofString("{}"));
    for (String encoding : encodings.split("[|]")) {
      request.header("Content-Encoding", encoding);
    }

    assertThat(API.send(request).statusCode()).isEqualTo(415);
  }

  @Test
  void an_announced_body_above_the_limit_is_rejected_with_417() throws IOException {
    String head = "POST /webhooks/whatsapp/acme HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";

    assertThat(raw(head + "Content-Length: 3145729\r\n\r\n")).startsWith("HTTP/1.1 417");
    assertThat(raw(head + "Content-Length: 2\r\n\r\n{}")).startsWith("HTTP/1.1 100");
  }

  @Test
  void the_first_bytes_may_arrive_one_by_one() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), API.server.port())) {
      socket.setSoTimeout(10_000);
      socket.setTcpNoDelay(true);
      byte[] request =
          "GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
              .getBytes(StandardCharsets.ISO_8859_1);
      for (byte each : request) {
        socket.getOutputStream().write(each);
        Thread.onSpinWait();
      }
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1))
          .isEqualTo("HTTP/1.1 400");
    }
  }

  @Test
  void responses_have_security_headers() {
    assertThat(API.get("/docs").headers().firstValue("content-security-policy"))
        .hasValueSatisfying(policy -> assertThat(policy).contains("default-src 'none'"));
    for (String path : List.of("/docs", "/health/live", "/nowhere", "/v1/messages/m-1")) {
      assertThat(API.get(path).headers().allValues("x-content-type-options"))
          .as(path)
          .containsExactly("nosniff");
    }
  }

  @Test
  void the_api_documentation_is_served() {
    HttpResponse<String> docs = API.get("/docs");

    assertThat(docs.statusCode()).isEqualTo(200);
    assertThat(docs.body()).contains("/v1/messages/{id}").contains("/webhooks/{provider}/{tenant}");
  }

  @Test
  void an_address_in_use_is_reported() {
    assertThatThrownBy(
            () ->
                TestApi.reading(
                    settings ->
                        ApiSettings.of("127.0.0.1", API.server.port(), CursorSecret.random())))
        .hasMessageContaining("127.0.0.1")
        .hasMessageContaining(Integer.toString(API.server.port()));
  }

  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), API.server.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
