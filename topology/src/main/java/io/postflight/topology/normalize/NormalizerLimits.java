package io.postflight.topology.normalize;

/**
 * Size limits. Input above a limit is rejected as {@code TOO_LARGE}: the whole body if it is too
 * large or has too many entries (otherwise it would be unclear which of them were processed), else
 * the entry alone. Human-readable texts (error texts, addresses) are truncated instead, so that the
 * status of the message is not lost.
 */
final class NormalizerLimits {
  /** Bytes of a body. */
  static final int BODY_BYTES = 4 * 1024 * 1024;

  /** Entries of a body; Meta sends 1,000 at most. */
  static final int ENTRIES = 20_000;

  /**
   * Characters of the bodies and attributes of all entries. They have more than the body only if
   * entries repeat what they share, such as an email's subject for each recipient.
   */
  static final long TEXT_CHARS = 4L * BODY_BYTES;

  /** Bytes of a canonical event. */
  static final int EVENT_BYTES = 256 * 1024;

  /** Bytes of an event's attributes: a page of a timeline holds many of them. */
  static final int ATTRIBUTES_BYTES = 64 * 1024;

  /**
   * Characters of a message's or user's id. With at most 3 bytes each, the id and the tenant are
   * far below the maximum of 64 KiB of a partition key.
   */
  static final int ID_CHARS = 512;

  /** Characters of an action's type. */
  static final int TYPE_CHARS = 128;

  /**
   * Characters of an address, of an error's title and of other short texts; longer are truncated.
   */
  static final int SHORT_TEXT_CHARS = 512;

  /** Characters of an error's detail; longer are truncated. */
  static final int LONG_TEXT_CHARS = 4096;

  /** Upper bound of the bytes of an event besides its texts: lengths, times, enums. */
  static final int EVENT_OVERHEAD_BYTES = 1024;

  private NormalizerLimits() {}
}
