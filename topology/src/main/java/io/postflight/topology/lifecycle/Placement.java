package io.postflight.topology.lifecycle;

import java.util.function.LongToIntFunction;

/**
 * Where a tenant's rows go at the time of an event.
 *
 * @param tier tier of messages that are created now
 * @param timelineShards shard count of the tenant's timelines, by event_time in epoch milliseconds
 * @param listingShards shard count of the tenant's listing, by listed_at in epoch milliseconds
 */
public record Placement(
    String tier, LongToIntFunction timelineShards, LongToIntFunction listingShards) {}
