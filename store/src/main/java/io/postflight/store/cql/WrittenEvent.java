package io.postflight.store.cql;

import org.jspecify.annotations.Nullable;

/**
 * A row of a timeline, as read for an erasure.
 *
 * @param partition its partition
 * @param time event_time, epoch milliseconds
 * @param id event_id
 * @param messageId its message; null for an action
 * @param writtenAt write timestamp of the row, microseconds
 * @param hasError whether it has an error code
 */
record WrittenEvent(
    TimelinePartition partition,
    long time,
    String id,
    @Nullable String messageId,
    long writtenAt,
    boolean hasError) {}
