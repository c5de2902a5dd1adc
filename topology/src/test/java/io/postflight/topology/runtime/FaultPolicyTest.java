package io.postflight.topology.runtime;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.serde.RegistryUnavailableException;
import io.postflight.schema.serde.SchemaRefusedException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class FaultPolicyTest {
  private long now = 1_000_000;
  private final List<Long> pauses = new ArrayList<>();
  private boolean outage;
  private int lasts;
  private final FaultPolicy policy =
      new FaultPolicy(fault -> outage, () -> pauses.size() < lasts, () -> now, pauses::add);

  @Test
  void an_unavailable_server_is_retried_indefinitely_with_backoff() {
    for (int i = 0; i < 100; i++) {
      assertThat(policy.handle(new StreamsException(new TimeoutException("unavailable"))))
          .isEqualTo(REPLACE_THREAD);
      now += 30_000;
    }

    assertThat(pauses).startsWith(500L, 1_000L, 2_000L).endsWith(30_000L);
  }

  @Test
  void after_an_outage_that_pauses_the_instance_the_thread_is_replaced_once() {
    outage = true;
    lasts = 20;

    assertThat(policy.handle(new StreamsException(new RegistryUnavailableException("unavailable"))))
        .isEqualTo(REPLACE_THREAD);
    assertThat(pauses).hasSize(20).containsOnly(500L);
  }

  @Test
  void a_thread_is_replaced_before_its_group_removes_it() {
    outage = true;
    lasts = Integer.MAX_VALUE;

    assertThat(policy.handle(new StreamsException(new RegistryUnavailableException("unavailable"))))
        .isEqualTo(REPLACE_THREAD);
    assertThat(pauses.stream().mapToLong(Long::longValue).sum()).isEqualTo(240_000);
  }

  @Test
  void after_a_period_without_faults_the_backoff_is_reset() {
    policy.handle(new TimeoutException());
    policy.handle(new TimeoutException());
    now += 3_600_000;
    policy.handle(new TimeoutException());

    assertThat(pauses).containsExactly(500L, 1_000L, 500L);
  }

  @Test
  void permanent_faults_stop_the_instance_at_once() {
    assertThat(policy.handle(new StreamsException(new SchemaRefusedException("incompatible"))))
        .isEqualTo(SHUTDOWN_CLIENT);
    assertThat(policy.handle(new StreamsException(new SaslAuthenticationException("no"))))
        .isEqualTo(SHUTDOWN_CLIENT);
  }

  @Test
  void an_unexpected_fault_is_retried_five_times_within_ten_minutes() {
    for (int i = 0; i < 5; i++) {
      assertThat(policy.handle(new IllegalStateException("bug"))).isEqualTo(REPLACE_THREAD);
    }

    assertThat(policy.handle(new IllegalStateException("bug"))).isEqualTo(SHUTDOWN_CLIENT);
  }

  @Test
  void unexpected_faults_that_are_far_apart_do_not_stop_it() {
    for (int i = 0; i < 20; i++) {
      assertThat(policy.handle(new IllegalStateException("bug"))).isEqualTo(REPLACE_THREAD);
      now += 180_000;
    }
  }
}
