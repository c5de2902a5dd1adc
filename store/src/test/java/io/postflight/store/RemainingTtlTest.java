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
  void a_row_never_lives_longer_than_anchor_plus_retention_nor_a_second_less(
      @ForAll @LongRange(min = -5_000_000_000L, max = 300_000) long age,
      @ForAll @IntRange(min = 1, max = 8_000_000) int retention) {
    long anchor = NOW + age;
    long end = anchor + retention * 1000L;
    RemainingTtl ttl = RemainingTtl.of(anchor, Duration.ofSeconds(retention), NOW);
    if (ttl.expired()) {
      assertThat(end - NOW).isLessThan(1000);
    } else {
      assertThat(ttl.seconds()).isPositive();
      assertThat(end - (NOW + ttl.seconds() * 1000L)).isBetween(0L, 999L);
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
