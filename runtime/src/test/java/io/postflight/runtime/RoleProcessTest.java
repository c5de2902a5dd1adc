package io.postflight.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.postflight.operations.OperationException;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.schema.directory.TenantRules;
import io.postflight.settings.DeploymentSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RoleProcessTest {
  @Test
  @Timeout(60)
  void a_topic_of_recoveries_with_several_partitions_ends_the_process() throws Exception {
    DeploymentSettings settings = TestDeployment.of("wide").created().settings();
    try (KafkaAdmin admin = KafkaAdmin.open(settings.kafka())) {
      NewPartitions two = NewPartitions.increaseTo(2);
      admin
          .client()
          .createPartitions(Map.of(settings.kafka().topics().recoveries(), two))
          .all()
          .get();
    }
    RoleSelection sink = new RoleSelection(false, Set.of("30d"), false);
    OperationException failure;

    try (Shutdown shutdown = Shutdown.ofThisThread()) {
      RoleProcess process = new RoleProcess(settings, TenantRules.anyTier(), false, shutdown);
      failure = catchThrowableOfType(OperationException.class, () -> process.run(sink, "sink:30d"));
    }

    assertThat(failure.kind()).isEqualTo(OperationException.FailureKind.USAGE);
    assertThat(failure).hasMessageContainingAll("has 2 partitions", "exactly one");
  }

  @Test
  @Timeout(60)
  void a_status_port_in_use_is_reported_with_its_key() throws Exception {
    TestDeployment deployment = TestDeployment.of("taken").created();
    RoleSelection sink = new RoleSelection(false, Set.of("30d"), false);
    OperationException failure;

    try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Shutdown shutdown = Shutdown.ofThisThread()) {
      DeploymentSettings taken = deployment.settings("http.statusPort=" + used.getLocalPort());
      RoleProcess process = new RoleProcess(taken, TenantRules.anyTier(), false, shutdown);
      failure = catchThrowableOfType(OperationException.class, () -> process.run(sink, "sink:30d"));
    }

    assertThat(failure.kind()).isEqualTo(OperationException.FailureKind.USAGE);
    assertThat(failure).hasMessageContaining("http.statusPort");
  }
}
