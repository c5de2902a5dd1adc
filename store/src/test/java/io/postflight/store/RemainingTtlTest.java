package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RemainingTtlTest {
  private static final long NOW = 1_760_000_000_000L;

  @Property
  void a_row_expires_in_the_last_second_of_its_retention_whenever_it_is_written(
      @ForAll @LongRange(min = -5_000_000_000L, max = 300_000) long age,
      @ForAll @IntRange(min = 1, max = 8_000_000) int retention,
      @ForAll @IntRange(min = 0, max = 999) int millis) {
    long anchor = NOW + age;
    long now = NOW + millis;
    long end = anchor + retention * 1000L;
    RemainingTtl ttl = RemainingTtl.of(anchor, Duration.ofSeconds(retention), now);
    if (ttl.expired()) {
      assertThat(end - now).isLessThan(1000);
    } else {
      assertThat(ttl.seconds()).isPositive();
      assertThat(ttl.expiresAt(now)).isEqualTo(end / 1000 * 1000);
    }
  }

  @Property
  void without_retention_nothing_expires(@ForAll @LongRange(max = NOW) long anchor) {
    RemainingTtl ttl = RemainingTtl.of(anchor, null, NOW);
    assertThat(ttl.expired()).isFalse();
    assertThat(ttl.seconds()).isZero();
  }

  @Test
  void zero_is_never_bound_for_a_row_that_expires() {
    assertThat(RemainingTtl.of(NOW - 1_000, Duration.ofSeconds(1), NOW).expired()).isTrue();
    assertThat(RemainingTtl.of(NOW - 1, Duration.ofSeconds(1), NOW).expired()).isTrue();
    assertThat(RemainingTtl.of(NOW, Duration.ofSeconds(1), NOW).seconds()).isEqualTo(1);
  }
}
