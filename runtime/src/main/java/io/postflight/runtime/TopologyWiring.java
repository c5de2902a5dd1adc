package io.postflight.runtime;

import io.postflight.settings.DeploymentSettings;
import io.postflight.topology.PostflightTopology;
import io.postflight.topology.TopologyRole;
import io.postflight.topology.TopologySettings;
import io.postflight.topology.normalize.Normalizer;

/** The role {@code topology}: from raw webhooks to the topics of tiers. */
final class TopologyWiring {
  private TopologyWiring() {}

  static TopologyRole start(RoleContext context) throws InterruptedException {
    return TopologyRole.start(
        settings(context.settings()),
        new PostflightTopology.Services(
            context.tenants(), context.serdes(), Normalizer.ofAllProviders(), context.meters()),
        context.clock());
  }

  static TopologySettings settings(DeploymentSettings settings) {
    return TopologySettings.of(
            settings.kafka().topics(),
            settings.tierNames(),
            settings.topology(),
            settings.kafka().clientProperties())
        .withLifecycle(settings.lifecycle())
        .withLedgerRetention(settings.kafka().sizes().erasuresRetention());
  }
}
