package io.postflight.schema.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.tenant.ShardVersion;
import io.postflight.schema.tenant.Tenant;
import io.postflight.schema.tenant.TierPeriod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TenantTimesTest {
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final Map<String, Duration> RETENTION =
      Map.of("15d", Duration.ofDays(15), "30d", Duration.ofDays(30));

  /** 15d until day 100, forever until day 110, then 30d. */
  private final Tenant moved =
      Tenants.tenant(
          "acme",
          List.of(
              new TierPeriod("15d", 50 * DAY),
              new TierPeriod("forever", 100 * DAY),
              new TierPeriod("30d", 110 * DAY)),
          List.of());

  private final List<ShardVersion> shards =
      List.of(new ShardVersion(1, 0L), new ShardVersion(8, 100L), new ShardVersion(4, 200L));

  @Test
  void the_tier_is_that_of_the_time() {
    assertThat(TenantTiers.tierAt(moved, 0)).isEqualTo("15d");
    assertThat(TenantTiers.tierAt(moved, 100 * DAY - 1)).isEqualTo("15d");
    assertThat(TenantTiers.tierAt(moved, 100 * DAY)).isEqualTo("forever");
    assertThat(TenantTiers.tierAt(moved, 500 * DAY)).isEqualTo("30d");
    assertThat(TenantTiers.newest(moved)).isEqualTo("30d");
  }

  @Test
  void an_earlier_tier_holds_rows_until_its_retention_is_over() {
    assertThat(holding(115 * DAY - 1)).containsExactly("30d", "forever", "15d");
    assertThat(holding(115 * DAY)).containsExactly("30d", "forever");
    assertThat(holding(5000 * DAY)).containsExactly("30d", "forever");
  }

  @Test
  void a_tier_used_twice_is_listed_once() {
    Tenant back =
        Tenants.tenant(
            "acme",
            List.of(
                new TierPeriod("30d", 0L),
                new TierPeriod("15d", DAY),
                new TierPeriod("30d", 2 * DAY)),
            List.of());

    assertThat(TenantTiers.tiersStillHolding(back, 3 * DAY, RETENTION::get))
        .containsExactly("30d", "15d");
  }

  @Test
  void the_shard_count_is_that_of_the_time() {
    assertThat(Shards.at(shards, -5)).isEqualTo(1);
    assertThat(Shards.at(shards, 99)).isEqualTo(1);
    assertThat(Shards.at(shards, 100)).isEqualTo(8);
    assertThat(Shards.at(shards, 1000)).isEqualTo(4);
  }

  @Property
  void the_maximum_count_covers_every_time_of_a_range(
      @ForAll @LongRange(min = -50, max = 300) long from,
      @ForAll @LongRange(min = 0, max = 300) long length,
      @ForAll @LongRange(min = 0, max = 300) long step) {
    long time = from + Math.min(step, length);

    assertThat(Shards.max(shards, from, from + length + 1))
        .isGreaterThanOrEqualTo(Shards.at(shards, time));
    assertThat(Shards.max(shards, time, time + 1)).isEqualTo(Shards.at(shards, time));
  }

  @Test
  void a_range_has_the_shards_of_every_version_it_overlaps() {
    List<ShardVersion> versions =
        List.of(new ShardVersion(2, 0L), new ShardVersion(8, 100L), new ShardVersion(4, 200L));

    assertThat(Shards.max(versions, 0, 100)).isEqualTo(2);
    assertThat(Shards.max(versions, 99, 101)).isEqualTo(8);
    assertThat(Shards.max(versions, 150, 160)).isEqualTo(8);
    assertThat(Shards.max(versions, 199, 300)).isEqualTo(8);
    assertThat(Shards.max(versions, 200, 300)).isEqualTo(4);
    assertThat(Shards.max(versions, -50, -10)).isEqualTo(2);
  }

  private List<String> holding(long now) {
    return TenantTiers.tiersStillHolding(moved, now, RETENTION::get);
  }
}
