package io.postflight.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardOfTest {
  /** Published vectors of MurmurHash3_x86_32 with seed 0. */
  @ParameterizedTest
  @CsvSource({
    "'', 0x0",
    "test, 0xba6bd213",
    "'Hello, world!', 0xc0363e43",
    "The quick brown fox jumps over the lazy dog, 0x2e4ff723"
  })
  void the_hash_is_murmur3(String text, String hash) {
    assertThat(ShardOf.hash(text.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(Integer.parseUnsignedInt(hash.substring(2), 16));
  }

  /** Part of the stored format: must not change. */
  @ParameterizedTest
  @CsvSource({"wamid.1, 16, 8", "SM0123456789, 16, 11", "größe, 7, 3", "你好, 256, 36"})
  void shards_never_change(String id, int shards, int shard) {
    assertThat(ShardOf.id(id, shards)).isEqualTo(shard);
  }

  @Property
  void a_shard_is_below_the_count(@ForAll String id, @ForAll @IntRange(min = 1, max = 256) int n) {
    assertThat(ShardOf.id(id, n)).isBetween(0, n - 1);
  }

  @Test
  void ids_are_distributed_evenly_over_shards() {
    int[] counts = new int[8];
    for (int i = 0; i < 8_000; i++) {
      counts[ShardOf.id("wamid." + i, 8)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(850, 1_150);
    }
  }

  @Test
  void a_shard_count_of_zero_is_rejected() {
    assertThatThrownBy(() -> ShardOf.id("x", 0)).hasMessageContaining("shard count is 0");
  }
}
