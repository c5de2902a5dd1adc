package io.postflight.schema.erasure;

import io.postflight.schema.signature.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

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
    return id(at, random.nextLong(), random.nextLong());
  }

  private static String id(long at, long some, long more) {
    long high = (at << 16) | (VERSION << 12) | (some & 0xFFF);
    long low = (more & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  /**
   * The id of a command that extends another one to another id of the person: equal for equal
   * extensions, so that the same one is applied once, whoever appends it.
   *
   * @param root the command that is extended
   * @param alias the id to which it is extended
   * @param scope of the extension; null: all rows
   */
  public static String derived(Erasure root, String alias, @Nullable ErasureScope scope) {
    // The id of the root cannot be guessed, so neither can this one.
    ByteBuffer bits =
        ByteBuffer.wrap(
            Digests.hmacSha256(
                root.getId().getBytes(StandardCharsets.UTF_8),
                (alias + '|' + scope).getBytes(StandardCharsets.UTF_8)));
    return id(root.getAt(), bits.getLong(), bits.getLong());
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
