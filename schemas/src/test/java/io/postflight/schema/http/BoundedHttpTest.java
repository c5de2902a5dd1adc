package io.postflight.schema.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedHttpTest {
  private final CountDownLatch stalled = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/stalls", this::sendHalf);
    server.createContext("/answers", exchange -> send(exchange, "whole"));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void a_response_that_stalls_within_its_body_is_a_timeout() {
    assertThatThrownBy(
            () ->
                BoundedHttp.send(
                    request("/stalls", Duration.ofMillis(200)), BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class)
        .hasMessage("no complete response within 200 ms");
  }

  @Test
  void the_same_without_a_waiting_thread() {
    assertThat(
            BoundedHttp.sendAsync(
                request("/stalls", Duration.ofMillis(200)), BodyHandlers.ofString()))
        .failsWithin(30, SECONDS)
        .withThrowableThat()
        .havingCause()
        .isInstanceOf(HttpTimeoutException.class);
  }

  @Test
  void an_interrupted_thread_does_not_wait_for_the_timeout() throws Exception {
    Thread caller = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              try {
                stalled.await();
              } catch (InterruptedException never) {
                throw new IllegalStateException(never);
              }
              caller.interrupt();
            });
    interrupter.start();

    assertThatThrownBy(
            () ->
                BoundedHttp.send(request("/stalls", Duration.ofHours(1)), BodyHandlers.ofString()))
        .isInstanceOf(InterruptedException.class);
    interrupter.join();
  }

  @Test
  void a_complete_response_is_returned() throws Exception {
    assertThat(
            BoundedHttp.send(request("/answers", Duration.ofSeconds(30)), BodyHandlers.ofString())
                .body())
        .isEqualTo("whole");
  }

  private HttpRequest request(String path, Duration timeout) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path))
        .timeout(timeout)
        .build();
  }

  private void sendHalf(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 2);
    exchange.getResponseBody().write('x');
    exchange.getResponseBody().flush();
    stalled.countDown();
  }

  private static void send(HttpExchange exchange, String body) throws IOException {
    exchange.sendResponseHeaders(200, body.length());
    exchange.getResponseBody().write(body.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    exchange.close();
  }
}
