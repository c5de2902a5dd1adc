package io.postflight.store;

/**
 * Result of one write.
 *
 * @param written rows that the database has acknowledged
 * @param expired rows that had expired and were not written
 */
public record WriteResult(int written, int expired) {
  /** The sum of two results. */
  public WriteResult plus(WriteResult other) {
    return new WriteResult(written + other.written, expired + other.expired);
  }
}
