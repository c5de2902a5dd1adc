package io.postflight.bench.load;

/**
 * Webhooks to send.
 *
 * @param port of the gateway
 * @param seed of the simulation
 * @param now its present, epoch milliseconds
 * @param events how many events they have in all
 * @param eventsPerSecond at which rate they are sent, whether answered or not; 0: a fixed number at
 *     a time, each when another is answered
 */
public record LoadRound(int port, long seed, long now, long events, double eventsPerSecond) {}
