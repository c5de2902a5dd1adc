package io.postflight.sink.backpressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.sink.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowAdmissionTest {
  private static final long MAX_WAITS = 1_000;

  private final InFlightWindow window = new InFlightWindow(1, 100);
  private final List<String> trips = new ArrayList<>();
  private Object caller = "one thread";
  private Runnable duringWait = () -> {};
  private long nanos;
  private long waits;

  private final WindowAdmission admission =
      new WindowAdmission(
          window,
          Duration.ofMillis(100),
          trips::add,
          () -> {},
          new Time() {
            @Override
            public long nanos() {
              return nanos;
            }

            @Override
            public void await(Object lock, long most) {
              assertThat(++waits).as("waits without end").isLessThan(MAX_WAITS);
              nanos += Math.min(most, 10_000_000);
              duringWait.run();
            }
          },
          () -> caller);

  @Test
  void polls_of_other_threads_do_not_extend_the_allowance() {
    admission.admit(1, 1, () -> true);
    duringWait = () -> as("another thread", admission::resetAllowance);

    admission.admit(1, 1, () -> true);

    assertThat(nanos).isEqualTo(Duration.ofMillis(100).toNanos());
    assertThat(trips).hasSize(1);
    assertThat(window.count()).isEqualTo(2);
  }

  @Test
  void waits_of_other_threads_do_not_use_up_the_allowance() {
    admission.admit(1, 1, () -> true);
    admission.admit(1, 1, () -> true);
    as("another thread", () -> admission.admit(1, 1, () -> true));

    assertThat(nanos).isEqualTo(Duration.ofMillis(200).toNanos());
  }

  @Test
  void a_thread_waits_no_more_than_its_allowance_until_it_polls() {
    admission.admit(1, 1, () -> true);
    admission.admit(1, 1, () -> true);
    admission.admit(1, 1, () -> true);
    assertThat(nanos).isEqualTo(Duration.ofMillis(100).toNanos());

    admission.resetAllowance();
    admission.admit(1, 1, () -> true);
    assertThat(nanos).isEqualTo(Duration.ofMillis(200).toNanos());
  }

  private void as(String thread, Runnable work) {
    Object before = caller;
    caller = thread;
    work.run();
    caller = before;
  }
}
