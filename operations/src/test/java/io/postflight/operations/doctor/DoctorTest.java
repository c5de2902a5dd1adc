package io.postflight.operations.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.operations.OperationsSettings;
import io.postflight.operations.TestSettings;
import io.postflight.schema.directory.TenantRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All servers accept connections and never answer. */
class DoctorTest {
  private static final Duration LIMIT = Duration.ofMillis(300);

  @Test
  @Timeout(20)
  void servers_that_never_answer_are_reported_together_when_the_time_is_over() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      OperationsSettings settings = TestSettings.at("127.0.0.1", silent.getLocalPort());

      DoctorReport report =
          new Doctor(
                  settings,
                  new Doctor.GatewayExposure("127.0.0.1", false, tenant -> false),
                  TenantRules.anyTier(),
                  InstantSource.system(),
                  LIMIT)
              .examine(true);

      assertThat(report.unreachable()).isTrue();
      assertThat(report.checks())
          .extracting(Finding::subject)
          .containsExactly("registry", "kafka", "tier 15d", "tier 30d", "tier 60d", "tier 90d");
      assertThat(report.checks())
          .allMatch(finding -> finding.level() == Finding.Level.FAIL)
          .allMatch(finding -> finding.check().equals("reachable"))
          .noneMatch(finding -> finding.detail().contains("Exception"));
    }
  }
}
