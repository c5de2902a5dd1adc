package io.postflight.bench.topology;

import io.postflight.bench.workload.Deployment;
import java.util.Map;

/**
 * A round: all webhooks of a backlog, through to the topics of the topology.
 *
 * @param deployment with topics of the round's own
 * @param reference with those of an earlier run of the topology over the same webhooks
 * @param webhooks number of webhooks
 * @param events number of events in them
 * @param appendedAt when the last webhook had been appended, epoch milliseconds
 * @param servers processes whose CPU time is measured, by name
 */
record TopologyRound(
    Deployment deployment,
    Deployment reference,
    long webhooks,
    long events,
    long appendedAt,
    Map<String, Long> servers) {}
