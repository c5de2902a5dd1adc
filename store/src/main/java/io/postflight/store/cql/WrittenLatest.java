package io.postflight.store.cql;

import io.postflight.store.RowKey;
import io.postflight.store.TimelineItem;

/**
 * A row of the latest events, as read for an erasure.
 *
 * @param key its key
 * @param event the event
 * @param writtenAt its write timestamp, microseconds
 * @param ttlSeconds its remaining TTL; 0 for no expiry
 */
record WrittenLatest(RowKey key, TimelineItem event, long writtenAt, int ttlSeconds) {}
