package io.postflight.operations.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import io.postflight.operations.OperationException;
import io.postflight.operations.OperationException.FailureKind;
import io.postflight.operations.OperationsSettings;
import io.postflight.operations.StorageTier;
import io.postflight.operations.TestSettings;
import io.postflight.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Jobs of disaster recovery whose servers are unreachable, or whose user interrupts them. */
class UnreachableServersTest {
  private static final Node NODE =
      (Node)
          Proxy.newProxyInstance(
              Node.class.getClassLoader(), new Class<?>[] {Node.class}, (node, method, with) -> "");

  private final OperationsSettings settings = TestSettings.at("127.0.0.1", closedPort());
  private final StorageTier tier = settings.tier("30d").orElseThrow();

  @Test
  void a_cluster_that_refuses_connections_is_unreachable() {
    assertThatThrownBy(() -> TierJobs.mapped(tier, () -> DrillKeyspace.of(tier, "_drill")))
        .isInstanceOfSatisfying(
            OperationException.class,
            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.UNREACHABLE))
        .hasMessageContainingAll("the cluster of tier 30d", "no node is reachable");
  }

  @Test
  void failures_of_servers_during_a_job_are_unreachable_servers() {
    List<RuntimeException> failures =
        List.of(
            new DriverTimeoutException("late"),
            new CompletionException(new DriverTimeoutException("late")),
            new StoreException(StoreException.Kind.TRANSIENT, "late"),
            new TimeoutException("late"));

    assertThat(failures).extracting(this::kindOf).containsOnly(FailureKind.UNREACHABLE);
  }

  @Test
  void an_interrupt_of_a_kafka_client_is_an_interrupted_operation() {
    assertThat(kindOf(new InterruptException("stop"))).isEqualTo(FailureKind.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void an_interrupt_while_the_recoveries_are_read_is_an_interrupted_operation() {
    RecoveryTopic recoveries = new RecoveryTopic(settings.kafka());
    Thread.currentThread().interrupt();

    OperationException failure = catchThrowableOfType(OperationException.class, recoveries::phases);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.kind()).isEqualTo(FailureKind.INTERRUPTED);
  }

  @Test
  void a_job_that_is_interrupted_at_its_start_leaves_no_session_connecting() {
    StorageTier other = settings.tier("15d").orElseThrow();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> ReplayWiring.store(other, TenantShards.of(tenant -> Optional.empty())))
        .isInstanceOf(InterruptedException.class);

    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("cql-connect-tier-15d")));
  }

  @Test
  void a_cluster_that_cannot_be_used_is_reported_with_its_own_cause() {
    StoreException refused =
        new StoreException(
            StoreException.Kind.TRANSIENT, "no connection", new NoNodeAvailableException());
    StoreException noTables =
        new StoreException(
            StoreException.Kind.FATAL,
            "no connection",
            new InvalidQueryException(NODE, "unconfigured table message"));
    StoreException notConnected = new StoreException(StoreException.Kind.TRANSIENT, "not yet");

    assertThat(List.of(refused, noTables, notConnected))
        .extracting(
            fault ->
                String.valueOf(ReplayWiring.failure(tier, fault).getMessage()).split("]: ", 2)[1])
        .containsExactly(
            "no node is reachable",
            "keyspace tier_30d is not as configured ('postflight schema apply' creates what is"
                + " missing): unconfigured table message",
            "no response within 10.0 s");
    assertThat(ReplayWiring.failure(tier, noTables).kind()).isEqualTo(FailureKind.USAGE);
  }

  private FailureKind kindOf(RuntimeException thrown) {
    return catchThrowableOfType(
            OperationException.class,
            () ->
                TierJobs.mapped(
                    tier,
                    () -> {
                      throw thrown;
                    }))
        .kind();
  }

  private static int closedPort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
