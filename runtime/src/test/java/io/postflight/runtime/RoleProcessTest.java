package io.postflight.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.postflight.operations.OperationException;
import io.postflight.operations.admin.KafkaAdmin;
import io.postflight.schema.directory.FixedTenants;
import io.postflight.schema.directory.TenantRules;
import io.postflight.schema.serde.AvroSerdes;
import io.postflight.settings.DeploymentSettings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringSerializer;
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
  void topics_of_another_format_end_the_process() throws Exception {
    DeploymentSettings settings = TestDeployment.of("format").created().settings();
    Map<String, Object> kafka = Map.copyOf(settings.kafka().clientProperties());
    String topic = settings.kafka().topics().recoveries();
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, "format/topics", "9")).get();
    }
    RoleSelection sink = new RoleSelection(false, Set.of("30d"), false);
    OperationException failure;

    try (Shutdown shutdown = Shutdown.ofThisThread()) {
      RoleProcess process = new RoleProcess(settings, TenantRules.anyTier(), false, shutdown);
      failure = catchThrowableOfType(OperationException.class, () -> process.run(sink, "sink:30d"));
    }

    assertThat(failure.kind()).isEqualTo(OperationException.FailureKind.USAGE);
    assertThat(failure)
        .hasMessageContainingAll("have format 9; this version requires format 1", topic);
  }

  @Test
  @Timeout(60)
  void state_of_another_format_ends_the_process() throws Exception {
    TestDeployment deployment = TestDeployment.of("state").created();
    Path state = Files.createDirectories(deployment.directory().resolve("topology"));
    Files.writeString(state.resolve("format"), "7");
    OperationException failure;

    try (Shutdown shutdown = Shutdown.ofThisThread()) {
      RoleProcess process =
          new RoleProcess(deployment.settings(), TenantRules.anyTier(), false, shutdown);
      RoleSelection topology = new RoleSelection(true, Set.of(), false);
      failure =
          catchThrowableOfType(OperationException.class, () -> process.run(topology, "topology"));
    }

    assertThat(failure.kind()).isEqualTo(OperationException.FailureKind.USAGE);
    assertThat(failure).hasMessageContainingAll("topology.stateDir", state.toString(), "format 7");
  }

  @Test
  @Timeout(60)
  void roles_that_are_interrupted_at_their_start_close_their_stores() {
    DeploymentSettings unreachable =
        TestDeployment.of("stopped")
            .settings("kafka.bootstrap=127.0.0.1:9", "tierDefaults.contactPoints=127.0.0.1:9");
    RoleContext context =
        new RoleContext(
            unreachable,
            AvroSerdes.of(unreachable.registry().serdeProperties()),
            FixedTenants.of(),
            RoleContext.metersOfJvm(),
            Clock.systemUTC());

    assertThatThrownBy(
            () ->
                RunningRoles.start(
                    context,
                    new RoleSelection(false, Set.of(), true),
                    () -> {
                      throw new InterruptException("a stop is requested");
                    }))
        .isInstanceOf(InterruptException.class)
        .hasMessage("a stop is requested");

    assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("cql-connect-tier-30d")));
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
