package io.postflight.sink.backpressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class InFlightWindowTest {
  private record Load(int rows, long bytes) {}

  @Test
  void a_record_above_the_limits_is_admitted_alone() {
    InFlightWindow window = new InFlightWindow(10, 1_000);

    assertThat(window.tryAdmit(50, 5_000)).isTrue();
    assertThat(window.tryAdmit(1, 1)).isFalse();
    window.release(50, 5_000);
    assertThat(window.tryAdmit(1, 1)).isTrue();
  }

  @Test
  void it_is_full_by_bytes_as_well_as_by_count() {
    InFlightWindow window = new InFlightWindow(10, 1_000);
    window.admit(1, 900);

    assertThat(window.tryAdmit(1, 101)).isFalse();
    assertThat(window.tryAdmit(1, 100)).isTrue();
  }

  @Test
  void more_than_is_in_flight_cannot_be_released() {
    InFlightWindow window = new InFlightWindow(10, 1_000);
    window.admit(1, 10);

    assertThatThrownBy(() -> window.release(2, 10)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void limits_below_one_are_rejected() {
    assertThatThrownBy(() -> new InFlightWindow(0, 1)).hasMessageContaining("window count is 0");
    assertThatThrownBy(() -> new InFlightWindow(1, 0)).hasMessageContaining("window bytes are 0");
  }

  @Property
  void the_limits_hold_unless_one_record_is_alone(
      @ForAll Random random,
      @ForAll @IntRange(min = 1, max = 50) int count,
      @ForAll @LongRange(min = 1, max = 5_000) long bytes) {
    InFlightWindow window = new InFlightWindow(count, bytes);
    ArrayDeque<Load> inside = new ArrayDeque<>();
    for (int step = 0; step < 200; step++) {
      if (random.nextBoolean()) {
        Load load = new Load(1 + random.nextInt(10), random.nextInt(1_000));
        if (window.tryAdmit(load.rows(), load.bytes())) {
          inside.add(load);
        } else {
          assertThat(inside).isNotEmpty();
        }
      } else if (!inside.isEmpty()) {
        Load load = inside.remove();
        window.release(load.rows(), load.bytes());
      }
      assertThat(window.count()).isEqualTo(inside.stream().mapToInt(Load::rows).sum());
      assertThat(window.bytes()).isEqualTo(inside.stream().mapToLong(Load::bytes).sum());
      assertThat(inside.size() <= 1 || (window.count() <= count && window.bytes() <= bytes))
          .isTrue();
      assertThat(window.belowLowWatermark())
          .isEqualTo(window.count() <= count / 2 && window.bytes() <= bytes / 2);
    }
  }
}
