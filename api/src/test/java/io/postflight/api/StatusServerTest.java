package io.postflight.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read what operators read without a key. */
final class StatusServerTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
  void a_request_without_a_host_may_read_it(String listening) throws IOException {
    try (StatusServer server =
            StatusServer.start(
                listening, 0, List.of(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        RawConnection client = new RawConnection(server.port())) {
      assertThat(client.exchange("GET /metrics HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:9090, 200",
    "127.0.0.1, [::1]:9090, 200",
    "127.0.0.1, localhost, 200",
    "127.0.0.1, LOCALHOST:9090, 200",
    "localhost, localhost:9090, 200",
    "127.0.0.1, rebound.example:9090, 421",
    "127.0.0.1, localhost.rebound.example, 421",
    "127.0.0.1, 127.0.0.1.rebound.example, 421",
    "127.0.0.1, 0x7f.1, 421",
    "127.0.0.1, 2130706433, 421",
    "127.0.0.1, localhost:99999, 421",
    "127.0.0.1, localhost:evil, 421",
    "0.0.0.0, api:9090, 200",
  })
  void a_page_whose_name_resolves_to_this_machine_cannot_read_it(
      String listening, String host, int status) throws IOException {
    try (StatusServer server =
            StatusServer.start(
                listening, 0, List.of(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        RawConnection client = new RawConnection(server.port())) {
      assertThat(client.exchange("GET /metrics HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status())
          .isEqualTo(status);
    }
  }
}
