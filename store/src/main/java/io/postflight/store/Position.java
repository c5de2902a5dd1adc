package io.postflight.store;

/**
 * A place in a timeline or a listing, to go on after.
 *
 * @param time event_time or listed_at, epoch milliseconds
 * @param id event id or message id; empty: before all rows of that time
 */
public record Position(long time, String id) {}
