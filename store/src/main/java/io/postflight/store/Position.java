package io.postflight.store;

/**
 * A position in a timeline or a listing, to continue after.
 *
 * @param time event_time or listed_at, epoch milliseconds
 * @param id event id or message id; empty for the position before all rows of that time
 */
public record Position(long time, String id) {}
