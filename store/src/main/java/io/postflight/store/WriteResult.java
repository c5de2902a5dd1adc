package io.postflight.store;

/**
 * What became of the rows of one write.
 *
 * @param written rows that the database has acknowledged
 * @param expired rows whose life was over, so that they were not written
 */
public record WriteResult(int written, int expired) {
  /** Both together. */
  public WriteResult plus(WriteResult other) {
    return new WriteResult(written + other.written, expired + other.expired);
  }
}
