package io.postflight.store;

import org.jspecify.annotations.Nullable;

/**
 * A cell as the database holds it.
 *
 * @param value in the form of {@link Row#cells()}
 * @param writeTimestampMicros the write that it has from, microseconds
 * @param ttlSeconds what is left of its life; null: no expiry
 */
public record StoredCell(Object value, long writeTimestampMicros, @Nullable Integer ttlSeconds) {}
