package io.postflight.store.cql;

import org.jspecify.annotations.Nullable;

/**
 * A row of a timeline as one who erases sees it.
 *
 * @param partition where it stands
 * @param time event_time, epoch milliseconds
 * @param id event_id
 * @param messageId its message; null for an action
 * @param writtenAt what the row is stamped with, microseconds
 * @param hasError whether it has an error code
 */
record WrittenEvent(
    TimelinePartition partition,
    long time,
    String id,
    @Nullable String messageId,
    long writtenAt,
    boolean hasError) {}
