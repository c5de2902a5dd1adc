package io.postflight.store;

import org.jspecify.annotations.Nullable;

/**
 * A cell as stored by the database.
 *
 * @param value in the form of {@link Row#cells()}
 * @param writeTimestampMicros its write timestamp, microseconds; {@link #UNKNOWN_WRITE} for a
 *     collection that is written element by element
 * @param ttlSeconds its remaining TTL; null if it does not expire, or if unknown
 */
public record StoredCell(Object value, long writeTimestampMicros, @Nullable Integer ttlSeconds) {
  /** Write timestamp of a collection whose elements are cells: the database reports none. */
  public static final long UNKNOWN_WRITE = Long.MIN_VALUE;
}
