package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postflight.schema.tenant.ShardVersion;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardCountsTest {
  private static final List<ShardVersion> VERSIONS =
      List.of(new ShardVersion(2, 0L), new ShardVersion(8, 100L), new ShardVersion(4, 200L));

  @Test
  void a_range_has_the_shards_of_every_version_it_overlaps() {
    assertThat(ShardCounts.max(VERSIONS, 0, 100)).isEqualTo(2);
    assertThat(ShardCounts.max(VERSIONS, 99, 101)).isEqualTo(8);
    assertThat(ShardCounts.max(VERSIONS, 150, 160)).isEqualTo(8);
    assertThat(ShardCounts.max(VERSIONS, 199, 300)).isEqualTo(8);
    assertThat(ShardCounts.max(VERSIONS, 200, 300)).isEqualTo(4);
    assertThat(ShardCounts.max(VERSIONS, -50, -10)).isEqualTo(2);
  }
}
