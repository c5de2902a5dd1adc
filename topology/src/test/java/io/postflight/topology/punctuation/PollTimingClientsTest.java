package io.postflight.topology.punctuation;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.topology.punctuation.PollTimingClients.PollPlan;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollTimingClientsTest {
  private static final Duration TIMEOUT = Duration.ofMillis(100);

  @Test
  void a_poll_right_after_the_last_one_gathers_input_for_5_ms_of_its_timeout() {
    assertThat(PollPlan.of(TIMEOUT, Duration.ZERO, () -> false))
        .isEqualTo(new PollPlan(Duration.ofMillis(5), Duration.ofMillis(95)));
  }

  @Test
  void time_since_the_last_poll_counts() {
    assertThat(PollPlan.of(TIMEOUT, Duration.ofMillis(3), () -> false))
        .isEqualTo(new PollPlan(Duration.ofMillis(2), Duration.ofMillis(98)));
  }

  @Test
  void after_5_ms_a_poll_does_not_gather() {
    PollPlan atOnce = new PollPlan(Duration.ZERO, TIMEOUT);

    assertThat(PollPlan.of(TIMEOUT, Duration.ofMillis(5), () -> false)).isEqualTo(atOnce);
    assertThat(PollPlan.of(TIMEOUT, Duration.ofMinutes(1), () -> false)).isEqualTo(atOnce);
  }

  @Test
  void a_poll_does_not_gather_while_input_is_queued() {
    assertThat(PollPlan.of(TIMEOUT, Duration.ZERO, () -> true))
        .isEqualTo(new PollPlan(Duration.ZERO, TIMEOUT));
  }

  @Test
  void gathering_takes_no_longer_than_the_timeout() {
    assertThat(PollPlan.of(Duration.ofMillis(2), Duration.ZERO, () -> false))
        .isEqualTo(new PollPlan(Duration.ofMillis(2), Duration.ZERO));
  }

  @Test
  void a_poll_without_timeout_returns_at_once() {
    assertThat(PollPlan.of(Duration.ZERO, Duration.ZERO, () -> false))
        .isEqualTo(new PollPlan(Duration.ZERO, Duration.ZERO));
  }
}
