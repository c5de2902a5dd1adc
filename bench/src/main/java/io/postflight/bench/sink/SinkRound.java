package io.postflight.bench.sink;

import io.postflight.bench.workload.Deployment;
import java.util.Map;

/**
 * A round: the whole topic of a tier, read from its start into empty tables.
 *
 * @param deployment with the variant's tables, and a consumer group of the round's own
 * @param records number of records in the topic
 * @param servers processes whose CPU time is measured, by name
 */
public record SinkRound(Deployment deployment, long records, Map<String, Long> servers) {}
