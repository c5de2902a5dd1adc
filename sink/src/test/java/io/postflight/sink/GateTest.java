package io.postflight.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final long MOST_WAITS = 1_000;

  private final Window window = Window.of(1, 100);
  private final List<String> trips = new ArrayList<>();
  private Object caller = "one thread";
  private Runnable meanwhile = () -> {};
  private long nanos;
  private long waits;

  private final Gate gate =
      new Gate(
          window,
          Duration.ofMillis(100),
          trips::add,
          () -> {},
          new Patience() {
            @Override
            public long nanos() {
              return nanos;
            }

            @Override
            public void await(Object lock, long most) {
              assertThat(++waits).as("waits without end").isLessThan(MOST_WAITS);
              nanos += Math.min(most, 10_000_000);
              meanwhile.run();
            }
          },
          () -> caller);

  @Test
  void what_others_poll_does_not_prolong_the_wait_of_a_thread() {
    gate.enter(1, 1, () -> true);
    meanwhile = () -> as("another thread", gate::nextBatch);

    gate.enter(1, 1, () -> true);

    assertThat(nanos).isEqualTo(Duration.ofMillis(100).toNanos());
    assertThat(trips).hasSize(1);
    assertThat(window.count()).isEqualTo(2);
  }

  @Test
  void what_others_have_waited_does_not_shorten_the_wait_of_a_thread() {
    gate.enter(1, 1, () -> true);
    gate.enter(1, 1, () -> true);
    as("another thread", () -> gate.enter(1, 1, () -> true));

    assertThat(nanos).isEqualTo(Duration.ofMillis(200).toNanos());
  }

  @Test
  void a_thread_waits_no_more_than_its_allowance_until_it_polls() {
    gate.enter(1, 1, () -> true);
    gate.enter(1, 1, () -> true);
    gate.enter(1, 1, () -> true);
    assertThat(nanos).isEqualTo(Duration.ofMillis(100).toNanos());

    gate.nextBatch();
    gate.enter(1, 1, () -> true);
    assertThat(nanos).isEqualTo(Duration.ofMillis(200).toNanos());
  }

  private void as(String thread, Runnable work) {
    Object before = caller;
    caller = thread;
    work.run();
    caller = before;
  }
}
