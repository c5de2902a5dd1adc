package io.postflight.store;

import java.nio.charset.StandardCharsets;

/**
 * The shard of a row within its bucket: MurmurHash3 (x86, 32 bit, seed 0) of the id's UTF-8 bytes,
 * as an unsigned number, modulo the shard count.
 *
 * <p>Part of the stored format: rows written with one hash are not found with another. The
 * algorithm is Austin Appleby's and public domain; {@code String.hashCode} is not used because it
 * assigns ids that end in a counter to shards in turn, and the JDK has no other hash function that
 * is guaranteed not to change.
 */
public final class ShardOf {
  private static final int C1 = 0xcc9e2d51;
  private static final int C2 = 0x1b873593;

  private ShardOf() {}

  /**
   * The shard of an id.
   *
   * @param shards shard count, at least 1
   * @return 0 to shards - 1
   */
  public static int id(String id, int shards) {
    if (shards < 1) {
      throw new IllegalArgumentException("shard count is " + shards + "; at least 1 is allowed");
    }
    return shards == 1
        ? 0
        : Integer.remainderUnsigned(hash(id.getBytes(StandardCharsets.UTF_8)), shards);
  }

  static int hash(byte[] bytes) {
    int hash = 0;
    int blocks = bytes.length / 4;
    for (int i = 0; i < blocks; i++) {
      hash ^= scramble(littleEndian(bytes, i * 4, 4));
      hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
    }
    hash ^= scramble(littleEndian(bytes, blocks * 4, bytes.length % 4));
    hash ^= bytes.length;
    hash ^= hash >>> 16;
    hash *= 0x85ebca6b;
    hash ^= hash >>> 13;
    hash *= 0xc2b2ae35;
    return hash ^ (hash >>> 16);
  }

  private static int scramble(int block) {
    return Integer.rotateLeft(block * C1, 15) * C2;
  }

  private static int littleEndian(byte[] bytes, int offset, int count) {
    int value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = (value << 8) | (bytes[offset + i] & 0xff);
    }
    return value;
  }
}
