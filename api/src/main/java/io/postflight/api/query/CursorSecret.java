package io.postflight.api.query;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** The key that cursors are signed with. */
public final class CursorSecret {
  private static final int LEAST = 16;

  private final byte[] key;

  private CursorSecret(byte[] key) {
    this.key = key;
  }

  /**
   * A secret from the configuration.
   *
   * @throws IllegalArgumentException if it is shorter than 16 bytes
   */
  public static CursorSecret of(String text) {
    byte[] key = text.getBytes(StandardCharsets.UTF_8);
    if (key.length < LEAST) {
      throw new IllegalArgumentException(
          "query.cursorSecret has " + key.length + " bytes; allowed are " + LEAST + " or more");
    }
    return new CursorSecret(key);
  }

  /** A new secret: cursors are good for this instance, until it is stopped. */
  public static CursorSecret random() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return new CursorSecret(key);
  }

  byte[] key() {
    return key;
  }

  /** Does not give it away. */
  @Override
  public String toString() {
    return "CursorSecret[...]";
  }
}
