package io.postflight.bench.role;

/**
 * A record of which all rows were acknowledged.
 *
 * @param arrivedAt when the gateway received its webhook, epoch milliseconds
 * @param millis from then to the last acknowledgement
 */
public record StoredRecord(long arrivedAt, long millis) {}
