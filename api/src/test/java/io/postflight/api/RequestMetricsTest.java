package io.postflight.api;

import static io.postflight.api.TestApi.ACME_KEY;
import static io.postflight.api.TestApi.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.postflight.api.http.HttpLimits;
import io.postflight.devstack.junit.RawHttp2Client;
import io.postflight.store.memory.InMemoryEventStore;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Every request is counted once, with its status and result, however it ends. */
final class RequestMetricsTest {
  private static final String LAST = "/v1/users/u/last";
  private static final byte[] CANCEL = {0, 0, 0, 8};

  private final GatedReader slow =
      new GatedReader(new InMemoryEventStore(TwoTiers.TIER_30D, InstantSource.fixed(NOW)));

  @Test
  void a_response_counts_with_its_status() {
    try (TestApi api = api(Map.of())) {
      api.get("/health/live");
      api.get("/health/live");
      api.get(LAST);

      await(
          () -> {
            assertThat(requests(api, "live", "200", "success")).isEqualTo(2);
            assertThat(requests(api, "last", "401", "failure")).isEqualTo(1);
            assertThat(all(api)).isEqualTo(3);
            assertThat(active(api)).isZero();
          });
    }
  }

  @Test
  void a_timeout_counts_as_a_timeout_too() {
    try (TestApi api = api(Map.of("requestTimeout", "300ms"))) {
      assertThat(api.get(LAST, ACME_KEY).statusCode()).isEqualTo(503);

      await(
          () -> {
            assertThat(requests(api, "last", "503", "failure")).isEqualTo(1);
            assertThat(
                    counted(
                        api, "postflight.http.timeouts", "service", "last", "http.status", "503"))
                .isEqualTo(1);
            assertThat(all(api)).isEqualTo(1);
            assertThat(active(api)).isZero();
          });
    }
  }

  @Test
  void a_request_whose_connection_is_closed_is_a_failure_without_a_status() throws Exception {
    try (TestApi api = api(Map.of());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.server.port())) {
      String head = "GET " + LAST + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + ACME_KEY;
      socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      await(() -> assertThat(active(api)).isEqualTo(1));

      socket.close();

      await(() -> assertAborted(api));
    }
  }

  @Test
  void a_request_that_is_reset_is_a_failure_without_a_status() throws Exception {
    try (TestApi api = api(Map.of());
        RawHttp2Client client = new RawHttp2Client(api.server.port(), 1 << 16)) {
      int stream = client.request("GET", LAST, true, Map.of("authorization", "Bearer " + ACME_KEY));
      client.flush();
      await(() -> assertThat(active(api)).isEqualTo(1));

      client.frame(RawHttp2Client.RST_STREAM, 0, stream, CANCEL);
      client.flush();

      await(() -> assertAborted(api));
    }
  }

  @Test
  void an_error_while_a_request_is_counted_is_logged() {
    Logger log = (Logger) LoggerFactory.getLogger("io.postflight.api.http.Exchange");
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    log.addAppender(logged);
    try (TestApi api = api(Map.of())) {
      api.registry.config().meterFilter(new RefusedMeters());

      assertThat(api.get("/health/live").statusCode()).isEqualTo(200);

      await(
          () ->
              assertThat(logged.list)
                  .singleElement()
                  .extracting(event -> event.getThrowableProxy().getMessage())
                  .isEqualTo("too many meters"));
      await(() -> assertThat(active(api)).isZero());
    } finally {
      log.detachAppender(logged);
    }
  }

  private static final class RefusedMeters implements MeterFilter {
    @Override
    public Meter.Id map(Meter.Id id) {
      if (id.getName().equals("postflight.http.requests")) {
        throw new IllegalStateException("too many meters");
      }
      return id;
    }
  }

  private TestApi api(Map<String, String> limits) {
    return TestApi.reading(
        settings -> settings.withLimits(HttpLimits.of(limits)),
        TestStore.reading(TwoTiers.TIER_30D, slow));
  }

  private static void assertAborted(TestApi api) {
    assertThat(requests(api, "last", "0", "failure")).isEqualTo(1);
    assertThat(all(api)).isEqualTo(1);
    assertThat(active(api)).isZero();
  }

  private static void await(Runnable assertion) {
    Awaitility.await().untilAsserted(assertion::run);
  }

  private static double requests(TestApi api, String service, String status, String result) {
    return counted(
        api,
        "postflight.http.requests",
        "service",
        service,
        "http.status",
        status,
        "result",
        result);
  }

  private static double all(TestApi api) {
    return counted(api, "postflight.http.requests");
  }

  private static double counted(TestApi api, String name, String... tags) {
    return api.registry.find(name).tags(tags).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private static double active(TestApi api) {
    return api.registry.find("postflight.http.active.requests").gauges().stream()
        .mapToDouble(gauge -> gauge.value())
        .sum();
  }
}
