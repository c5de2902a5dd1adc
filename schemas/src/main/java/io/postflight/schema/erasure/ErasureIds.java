package io.postflight.schema.erasure;

import java.util.OptionalLong;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.NullMarked;

/**
 * Ids of commands: UUIDs of version 7 (RFC 9562), whose first 48 bits are the command's time, so
 * that the position of an old command in the ledger follows from its id.
 */
@NullMarked
public final class ErasureIds {
  private static final int VERSION = 7;

  private ErasureIds() {}

  /**
   * A new id.
   *
   * @param at the command's time, epoch milliseconds
   * @param random an unpredictable source, since ids must not be guessable
   */
  public static String next(long at, RandomGenerator random) {
    long high = (at << 16) | (VERSION << 12) | (random.nextLong() & 0xFFF);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  /** The command's time, epoch milliseconds; empty if this is not an id of a command. */
  public static OptionalLong timeOf(String id) {
    try {
      UUID uuid = UUID.fromString(id);
      return uuid.version() == VERSION && uuid.toString().equals(id)
          ? OptionalLong.of(uuid.getMostSignificantBits() >>> 16)
          : OptionalLong.empty();
    } catch (IllegalArgumentException other) {
      return OptionalLong.empty();
    }
  }
}
