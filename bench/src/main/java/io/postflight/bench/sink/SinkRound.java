package io.postflight.bench.sink;

import io.postflight.bench.workload.BenchTenants;
import io.postflight.bench.workload.Deployment;
import io.postflight.settings.DeploymentSettings;
import java.util.Map;

/**
 * A round: the whole topic of a tier, read from its start into empty tables.
 *
 * @param deployment where
 * @param group a new consumer group
 * @param keyspace of the variant
 * @param records number of records in the topic
 * @param servers processes whose CPU time is measured, by name
 */
public record SinkRound(
    Deployment deployment, String group, String keyspace, long records, Map<String, Long> servers) {
  /** The settings that a role of the deployment would have. */
  DeploymentSettings settings() {
    return deployment.settings(
        Map.of("sink.applicationId", group, "tiers." + BenchTenants.TIER + ".keyspace", keyspace));
  }
}
