package io.postflight.sink.backpressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.sink.backpressure.CircuitBreaker.Action;
import io.postflight.sink.backpressure.CircuitBreaker.State;
import io.postflight.sink.time.Backoff;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private static final Backoff ONE_SECOND =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), () -> Math.nextDown(1.0));

  private final CircuitBreaker breaker = new CircuitBreaker(ONE_SECOND, "at start");

  @Test
  void it_starts_open_with_a_probe_due() {
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.reason()).isEqualTo("at start");
    assertThat(breaker.next(0, true).action()).isEqualTo(Action.PROBE);
  }

  @Test
  void it_closes_after_a_successful_probe_below_the_low_watermark() {
    breaker.next(0, true);
    breaker.probeSucceeded();

    assertThat(breaker.next(0, false))
        .isEqualTo(new CircuitBreaker.Step(Action.WAIT, Long.MAX_VALUE));
    assertThat(breaker.next(0, true).action()).isEqualTo(Action.RESUME);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    assertThat(breaker.reason()).isNull();
  }

  @Test
  void only_one_probe_is_in_progress() {
    breaker.next(0, true);

    assertThat(breaker.next(0, true).action()).isEqualTo(Action.WAIT);
  }

  @Test
  void a_failed_probe_is_retried_after_backoff() {
    breaker.next(0, true);
    breaker.probeFailed("no route to host", 0);

    assertThat(breaker.reason()).isEqualTo("no route to host");
    assertThat(breaker.next(400, true)).isEqualTo(new CircuitBreaker.Step(Action.WAIT, 600));
    assertThat(breaker.next(1_000, true).action()).isEqualTo(Action.PROBE);
  }

  @Test
  void it_trips_once() {
    close();

    assertThat(breaker.trip("full", 5)).isTrue();
    assertThat(breaker.trip("full again", 6)).isFalse();
    assertThat(breaker.reason()).isEqualTo("full");
    assertThat(breaker.next(6, false).action()).isEqualTo(Action.PROBE);
  }

  @Test
  void invalidation_discards_the_result_of_the_last_probe() {
    breaker.next(0, true);
    breaker.probeSucceeded();

    assertThat(breaker.invalidateProbe("something waits", 5)).isFalse();

    assertThat(breaker.reason()).isEqualTo("something waits");
    assertThat(breaker.next(5, true).action()).isEqualTo(Action.PROBE);
  }

  @Test
  void a_probe_in_progress_is_invalidated_and_the_next_one_counts() {
    breaker.next(0, true);
    breaker.invalidateProbe("something waits", 0);
    breaker.probeSucceeded();

    assertThat(breaker.next(0, true).action()).isEqualTo(Action.PROBE);
    breaker.probeSucceeded();
    assertThat(breaker.next(0, true).action()).isEqualTo(Action.RESUME);
  }

  @Test
  void invalidation_opens_it_and_does_not_advance_a_scheduled_probe() {
    close();

    assertThat(breaker.invalidateProbe("something waits", 0)).isTrue();
    breaker.next(0, true);
    breaker.probeFailed("unavailable", 0);
    assertThat(breaker.invalidateProbe("something waits", 0)).isFalse();

    assertThat(breaker.next(0, true)).isEqualTo(new CircuitBreaker.Step(Action.WAIT, 1_000));
  }

  @Property
  void it_never_resumes_without_a_successful_probe_since_it_opened(@ForAll Random random) {
    CircuitBreaker breaker = new CircuitBreaker(ONE_SECOND, "at start");
    boolean draining = false;
    boolean probing = false;
    boolean closed = false;
    long now = 0;
    for (int step = 0; step < 300; step++) {
      now += random.nextInt(400);
      boolean belowLowWatermark = random.nextBoolean();
      switch (random.nextInt(4)) {
        case 0 -> {
          if (breaker.trip("full", now)) {
            assertThat(closed).isTrue();
            closed = false;
            draining = false;
          }
        }
        case 1 -> {
          breaker.probeSucceeded();
          draining |= probing;
          probing = false;
        }
        case 2 -> {
          breaker.probeFailed("unavailable", now);
          probing = false;
        }
        default -> {
          Action action = breaker.next(now, belowLowWatermark).action();
          if (action == Action.PROBE) {
            assertThat(probing || closed).isFalse();
            probing = true;
          } else if (action == Action.RESUME) {
            assertThat(draining && belowLowWatermark).isTrue();
            closed = true;
          }
        }
      }
    }
  }

  private void close() {
    breaker.next(0, true);
    breaker.probeSucceeded();
    breaker.next(0, true);
  }
}
