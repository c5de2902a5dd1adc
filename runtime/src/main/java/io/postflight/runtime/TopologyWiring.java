package io.postflight.runtime;

import io.postflight.settings.DeploymentSettings;
import io.postflight.topology.TopologyRole;
import io.postflight.topology.TopologySettings;
import io.postflight.topology.normalize.Normalizer;

/** The role {@code topology}: from raw webhooks to the topics of tiers. */
final class TopologyWiring {
  private TopologyWiring() {}

  static TopologyRole start(RoleContext context) throws InterruptedException {
    return TopologyRole.start(
        settings(context.settings()),
        context.tenants(),
        context.serdes(),
        Normalizer.ofAllProviders(),
        context.meters(),
        context.clock());
  }

  static TopologySettings settings(DeploymentSettings settings) {
    DeploymentSettings.Topology topology = settings.topology();
    return new TopologySettings(
        topology.applicationId(),
        settings.kafka().topics(),
        settings.tierNames(),
        topology.life(),
        settings.kafka().sizes().erasuresRetention(),
        topology.tenantTimeout(),
        topology.caughtUpInterval(),
        topology.streams(),
        settings.kafka().clientProperties());
  }
}
