package io.postflight.store;

import org.jspecify.annotations.Nullable;

/**
 * A cell as the database holds it.
 *
 * @param value in the form of {@link Row#cells()}
 * @param writeTimestampMicros the write that it has from, microseconds; {@link #UNKNOWN_WRITE} of a
 *     collection that is written element by element
 * @param ttlSeconds what is left of its life; null: no expiry, or not known
 */
public record StoredCell(Object value, long writeTimestampMicros, @Nullable Integer ttlSeconds) {
  /** The database gives no write timestamp of a collection whose elements are cells. */
  public static final long UNKNOWN_WRITE = Long.MIN_VALUE;
}
