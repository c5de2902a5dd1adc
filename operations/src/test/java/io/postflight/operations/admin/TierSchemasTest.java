package io.postflight.operations.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postflight.operations.OperationException;
import io.postflight.operations.OperationException.FailureKind;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.TestSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clusters that are unavailable. */
class TierSchemasTest {
  @Test
  @Timeout(20)
  void clusters_that_never_respond_are_named_when_the_time_is_over() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + silent.getLocalPort();

      OperationException failure =
          failure(TestSettings.at("127.0.0.1", silent.getLocalPort()), Duration.ofMillis(300));

      assertThat(failure.kind()).isEqualTo(FailureKind.UNREACHABLE);
      assertThat(String.valueOf(failure.getMessage()).split("; "))
          .containsExactly(
              "tier 15d at " + address + ": no response within 0.3 s",
              "tier 30d at " + address + ": no response within 0.3 s",
              "tier 60d at " + address + ": no response within 0.3 s",
              "tier 90d at " + address + ": no response within 0.3 s");
    }
  }

  @Test
  void clusters_that_refuse_connections_are_named_without_the_drivers_text() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    OperationException failure = failure(TestSettings.at("127.0.0.1", port), Duration.ofMinutes(1));

    assertThat(failure.kind()).isEqualTo(FailureKind.UNREACHABLE);
    assertThat(String.valueOf(failure.getMessage()).split("; "))
        .hasSize(4)
        .allMatch(each -> each.contains(port + ": no node is reachable (connection "));
  }

  private static OperationException failure(OperationsSettings settings, Duration limit) {
    return catchThrowableOfType(
        OperationException.class,
        () -> new TierSchemas(settings, limit).run(null, false, schema -> {}));
  }
}
