package io.postflight.store.cql;

import io.postflight.store.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * A row of a timeline, as read for an erasure.
 *
 * @param key its key
 * @param messageId its message; null for an action
 * @param writtenAt write timestamp of the row, microseconds
 * @param ttlSeconds its remaining TTL; 0 for no expiry
 * @param hasError whether it has an error code
 * @param alias other id of its person; null if it names none
 */
record WrittenEvent(
    RowKey key,
    @Nullable String messageId,
    long writtenAt,
    int ttlSeconds,
    boolean hasError,
    @Nullable String alias) {}
