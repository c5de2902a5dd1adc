package io.postflight.bench.load;

/**
 * Queries to send, for messages of a load that is stored.
 *
 * @param port of the API
 * @param stored the load
 * @param queries how many
 * @param perSecond at which rate
 */
public record QueryRound(int port, LoadRound stored, int queries, double perSecond) {}
