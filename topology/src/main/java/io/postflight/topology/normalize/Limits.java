package io.postflight.topology.normalize;

/**
 * How much is taken. What is above is rejected as {@code TOO_LARGE}: the whole body where the body
 * is too large or has too many entries (which of them were taken would else be a guess), else the
 * entry alone. Texts that are there to be read by people (error texts, addresses) are cut instead,
 * since they must not cost the message its status.
 */
final class Limits {
  /** Bytes of a body. */
  static final int BODY_BYTES = 4 * 1024 * 1024;

  /** Entries of a body; Meta sends 1,000 at most. */
  static final int ENTRIES = 20_000;

  /** Bytes of a canonical event. */
  static final int EVENT_BYTES = 256 * 1024;

  /**
   * Characters of a message's or user's id. At most 3 bytes each: with the tenant far below the 64
   * KiB that a partition key may have.
   */
  static final int ID_CHARS = 512;

  /** Characters of an action's type. */
  static final int TYPE_CHARS = 128;

  /** Characters of an address, of an error's title and of single words; cut beyond. */
  static final int SHORT_TEXT_CHARS = 512;

  /** Characters of an error's detail; cut beyond. */
  static final int LONG_TEXT_CHARS = 4096;

  /** Bytes of an event besides its texts: lengths, times, enums. Generous. */
  static final int EVENT_OVERHEAD_BYTES = 1024;

  private Limits() {}
}
