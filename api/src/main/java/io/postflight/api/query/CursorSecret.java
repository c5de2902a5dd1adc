package io.postflight.api.query;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** The key that signs cursors. */
public final class CursorSecret {
  private static final int MIN_BYTES = 16;

  private final byte[] key;

  private CursorSecret(byte[] key) {
    this.key = key;
  }

  /**
   * Creates a secret from the configuration; a random one if it is empty.
   *
   * @throws IllegalArgumentException if it is shorter than 16 bytes
   */
  @JsonCreator
  public static CursorSecret of(String text) {
    if (text.isBlank()) {
      return random();
    }
    byte[] key = text.getBytes(StandardCharsets.UTF_8);
    if (key.length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "query.cursorSecret has " + key.length + " bytes; allowed: " + MIN_BYTES + " or more");
    }
    return new CursorSecret(key);
  }

  /** Creates a random secret: cursors are valid only for this instance, until it stops. */
  public static CursorSecret random() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return new CursorSecret(key);
  }

  byte[] key() {
    return key;
  }

  /** Hides the secret. */
  @Override
  public String toString() {
    return "CursorSecret[...]";
  }
}
