package io.postflight.bench.topology;

import io.postflight.bench.workload.Deployment;
import io.postflight.settings.DeploymentSettings;
import java.util.Map;

/**
 * A round: all webhooks of a backlog, through to the topics of the topology.
 *
 * @param deployment where
 * @param prefix of the round's own topics
 * @param reference prefix of the topics of an earlier run of the topology over the same webhooks
 * @param webhooks number of webhooks
 * @param events number of events in them
 * @param appendedAt when the last webhook had been appended, epoch milliseconds
 * @param servers processes whose CPU time is measured, by name
 */
record TopologyRound(
    Deployment deployment,
    String prefix,
    String reference,
    long webhooks,
    long events,
    long appendedAt,
    Map<String, Long> servers) {
  DeploymentSettings settings() {
    return settings(deployment, prefix);
  }

  DeploymentSettings referenceSettings() {
    return settings(deployment, reference);
  }

  /** The settings of a deployment whose topics have a prefix. */
  static DeploymentSettings settings(Deployment deployment, String prefix) {
    return deployment.settings(
        Map.of("kafka.topicPrefix", prefix, "topology.caughtUpInterval", "100ms"));
  }
}
