package io.postflight.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postflight.operations.OperationException;
import io.postflight.settings.DeploymentSettings;
import io.postflight.settings.SettingsLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HttpPortTest {
  @Test
  void a_port_in_use_is_rejected_with_the_option_or_key_of_another() throws IOException {
    try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = used.getLocalPort();
      DeploymentSettings http = settings("http.port=" + port);
      DeploymentSettings status = settings("http.port=0", "http.statusPort=" + port);

      assertThatThrownBy(() -> HttpPort.requireFree(http, "--port"))
          .isInstanceOf(OperationException.class)
          .hasMessageContainingAll("port " + port + " is in use", "--port");
      assertThatThrownBy(() -> HttpPort.requireFree(status, "--port"))
          .isInstanceOf(OperationException.class)
          .hasMessageContainingAll("port " + port + " is in use", "http.statusPort");
      assertThatThrownBy(() -> HttpPort.requireStatusPortFree(status))
          .hasMessageContaining("http.statusPort");
      assertThat(HttpPort.withFreePort(null, http).http().port()).isZero();
    }
  }

  @Test
  void an_address_of_another_machine_is_not_reported_as_in_use() {
    DeploymentSettings settings = settings("http.port=0", "http.host=192.0.2.1");

    assertThatThrownBy(() -> HttpPort.withFreePort(null, settings))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("http.host 192.0.2.1")
        .hasMessageNotContaining("in use");
  }

  @Test
  void the_status_port_is_checked_on_its_own_address() {
    assertThatCode(
            () ->
                HttpPort.requireStatusPortFree(
                    settings("http.host=192.0.2.1", "http.statusPort=0")))
        .doesNotThrowAnyException();
    DeploymentSettings elsewhere = settings("http.statusHost=192.0.2.1", "http.statusPort=0");
    assertThatThrownBy(() -> HttpPort.requireStatusPortFree(elsewhere))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("http.statusHost 192.0.2.1");
  }

  private static DeploymentSettings settings(String... assignments) {
    return new SettingsLoader(Map.of()).loadForDevelopment(null, List.of(assignments));
  }
}
