package io.postflight.sink.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void the_ceiling_doubles_up_to_the_cap() {
    Backoff backoff =
        new Backoff(Duration.ofMillis(50), Duration.ofMillis(300), () -> Math.nextDown(1.0));

    assertThat(backoff.delayMillis(1)).isEqualTo(50);
    assertThat(backoff.delayMillis(2)).isEqualTo(100);
    assertThat(backoff.delayMillis(3)).isEqualTo(200);
    assertThat(backoff.delayMillis(4)).isEqualTo(300);
    assertThat(backoff.delayMillis(Integer.MAX_VALUE)).isEqualTo(300);
  }

  @Test
  void a_base_above_the_cap_is_rejected() {
    assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), () -> 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT2S");
  }

  @Property
  void the_delay_is_between_one_and_the_cap(
      @ForAll @IntRange(min = 1) int failures,
      @ForAll @IntRange(min = 1, max = 10_000) int base,
      @ForAll @IntRange(max = 1_000_000) int more,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random) {
    Backoff backoff =
        new Backoff(Duration.ofMillis(base), Duration.ofMillis(base + more), () -> random);

    assertThat(backoff.delayMillis(failures)).isBetween(1L, (long) base + more);
  }
}
