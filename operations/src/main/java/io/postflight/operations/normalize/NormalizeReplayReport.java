package io.postflight.operations.normalize;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The result of normalizing webhooks again.
 *
 * @param records webhooks of the provider in the range
 * @param events events that the present adapters make of them
 * @param added events that did not exist
 * @param changed events that have other fields
 * @param gone events that the present adapters do not make
 * @param rejected entries, or whole bodies, that the present adapters reject; without
 *     UNSUPPORTED_EVENT
 * @param applied events that were appended to {@code events}
 * @param skippedErased differences in data that was erased
 * @param skippedTenants webhooks of tenants that do not exist, or whose tier is not configured
 * @param skippedOld webhooks that arrived before what {@code events} retains
 * @param rawDeleted events of the range whose webhook is no longer in {@code raw.webhooks}
 * @param unreadable records of {@code events} that cannot be decoded
 * @param notNormalized offsets at the end of the range that the normalizer has not processed
 */
public record NormalizeReplayReport(
    long records,
    long events,
    @JsonProperty("new") long added,
    long changed,
    long gone,
    long rejected,
    long applied,
    long skippedErased,
    long skippedTenants,
    long skippedOld,
    long rawDeleted,
    long unreadable,
    long notNormalized) {
  /** Whether the events are those of the present adapters. */
  public boolean clean() {
    return added + changed == applied && gone == 0;
  }
}
