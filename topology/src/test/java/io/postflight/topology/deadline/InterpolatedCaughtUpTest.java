package io.postflight.topology.deadline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class InterpolatedCaughtUpTest {
  private long latest = CaughtUp.NEVER;
  private long nanos = 77;
  private final InterpolatedCaughtUp gradual = new InterpolatedCaughtUp(() -> latest, () -> nanos);

  @Test
  void no_time_is_known_at_first() {
    assertThat(gradual.asOf()).isEqualTo(CaughtUp.NEVER);
  }

  @Test
  void the_first_known_time_is_used_unchanged() {
    latest = 5_000;

    assertThat(gradual.asOf()).isEqualTo(5_000);
  }

  @Test
  void an_advance_takes_the_time_since_the_previous_one() {
    step(5_000);
    pass(Duration.ofSeconds(10));
    step(15_000);

    assertThat(gradual.asOf()).isEqualTo(5_000);
    pass(Duration.ofSeconds(3));
    assertThat(gradual.asOf()).isEqualTo(8_000);
    pass(Duration.ofSeconds(7));
    assertThat(gradual.asOf()).isEqualTo(15_000);
    pass(Duration.ofHours(1));
    assertThat(gradual.asOf()).isEqualTo(15_000);
  }

  @Test
  void an_advance_during_another_starts_at_the_interpolated_value() {
    step(0);
    pass(Duration.ofSeconds(10));
    step(10_000);
    pass(Duration.ofSeconds(5));
    step(20_000);

    assertThat(gradual.asOf()).isEqualTo(5_000);
    pass(Duration.ofSeconds(5));
    assertThat(gradual.asOf()).isEqualTo(20_000);
  }

  @Test
  void after_an_outage_of_hours_an_advance_takes_a_minute() {
    step(0);
    pass(Duration.ofHours(2));
    step(7_200_000);

    pass(Duration.ofSeconds(30));
    assertThat(gradual.asOf()).isEqualTo(3_600_000);
    pass(Duration.ofSeconds(30));
    assertThat(gradual.asOf()).isEqualTo(7_200_000);
  }

  private void step(long asOf) {
    latest = asOf;
    gradual.asOf();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }
}
