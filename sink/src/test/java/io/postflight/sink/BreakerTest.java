package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.sink.Breaker.Action;
import io.postflight.sink.Breaker.State;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final Backoff ONE_SECOND =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), () -> Math.nextDown(1.0));

  private final Breaker breaker = new Breaker(ONE_SECOND, "at start");

  @Test
  void it_begins_open_and_wants_a_probe_at_once() {
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.reason()).isEqualTo("at start");
    assertThat(breaker.next(0, true).action()).isEqualTo(Action.PROBE);
  }

  @Test
  void it_closes_when_the_probe_succeeded_and_the_window_is_half_empty() {
    breaker.next(0, true);
    breaker.probeSucceeded();

    assertThat(breaker.next(0, false)).isEqualTo(new Breaker.Step(Action.WAIT, Long.MAX_VALUE));
    assertThat(breaker.next(0, true).action()).isEqualTo(Action.RESUME);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    assertThat(breaker.reason()).isNull();
  }

  @Test
  void only_one_probe_is_on_its_way() {
    breaker.next(0, true);

    assertThat(breaker.next(0, true).action()).isEqualTo(Action.WAIT);
  }

  @Test
  void a_failed_probe_is_repeated_after_the_backoff() {
    breaker.next(0, true);
    breaker.probeFailed("no route to host", 0);

    assertThat(breaker.reason()).isEqualTo("no route to host");
    assertThat(breaker.next(400, true)).isEqualTo(new Breaker.Step(Action.WAIT, 600));
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
  void a_doubt_takes_back_what_the_last_probe_has_shown() {
    breaker.next(0, true);
    breaker.probeSucceeded();

    assertThat(breaker.doubt("something waits", 5)).isFalse();

    assertThat(breaker.reason()).isEqualTo("something waits");
    assertThat(breaker.next(5, true).action()).isEqualTo(Action.PROBE);
  }

  @Test
  void a_probe_that_is_on_its_way_does_not_settle_a_doubt_but_the_next_one_does() {
    breaker.next(0, true);
    breaker.doubt("something waits", 0);
    breaker.probeSucceeded();

    assertThat(breaker.next(0, true).action()).isEqualTo(Action.PROBE);
    breaker.probeSucceeded();
    assertThat(breaker.next(0, true).action()).isEqualTo(Action.RESUME);
  }

  @Test
  void a_doubt_opens_it_and_does_not_hasten_the_probe_of_an_open_one() {
    close();

    assertThat(breaker.doubt("something waits", 0)).isTrue();
    breaker.next(0, true);
    breaker.probeFailed("away", 0);
    assertThat(breaker.doubt("something waits", 0)).isFalse();

    assertThat(breaker.next(0, true)).isEqualTo(new Breaker.Step(Action.WAIT, 1_000));
  }

  @Property
  void it_never_resumes_without_a_successful_probe_since_it_opened(@ForAll Random random) {
    Breaker breaker = new Breaker(ONE_SECOND, "at start");
    boolean proven = false;
    boolean probing = false;
    boolean closed = false;
    long now = 0;
    for (int step = 0; step < 300; step++) {
      now += random.nextInt(400);
      boolean halfEmpty = random.nextBoolean();
      switch (random.nextInt(4)) {
        case 0 -> {
          if (breaker.trip("full", now)) {
            assertThat(closed).isTrue();
            closed = false;
            proven = false;
          }
        }
        case 1 -> {
          breaker.probeSucceeded();
          proven |= probing;
          probing = false;
        }
        case 2 -> {
          breaker.probeFailed("away", now);
          probing = false;
        }
        default -> {
          Action action = breaker.next(now, halfEmpty).action();
          if (action == Action.PROBE) {
            assertThat(probing || closed).isFalse();
            probing = true;
          } else if (action == Action.RESUME) {
            assertThat(proven && halfEmpty).isTrue();
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
