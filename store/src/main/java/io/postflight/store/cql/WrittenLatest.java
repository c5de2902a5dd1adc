package io.postflight.store.cql;

import io.postflight.store.TimelineItem;

/**
 * A row of the latest events as one who erases sees it.
 *
 * @param event the event
 * @param writtenAt what it is stamped with, microseconds
 * @param ttlSeconds what is left of its life; 0: no expiry
 */
record WrittenLatest(TimelineItem event, long writtenAt, int ttlSeconds) {}
