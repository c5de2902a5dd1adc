package io.postflight.cli;

import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.deadletter.DeadLetters;
import io.postflight.operations.replay.TierJobs;
import io.postflight.runtime.logging.Logs;
import io.postflight.settings.DeploymentSettings;
import picocli.CommandLine.Mixin;

/** A command that uses the servers of a deployment. */
abstract class ServerCommand extends Subcommand {
  @Mixin ConfiguredServers servers = new ConfiguredServers();

  /** The settings of the deployment; standard error gets a line that names its servers. */
  final DeploymentSettings settings() {
    return servers.settings(global());
  }

  /** The tenants of the deployment. */
  final TenantAdmin tenants(DeploymentSettings settings) {
    return TenantAdmin.open(settings.operations(), servers.tenantRules(settings));
  }

  /** The jobs of disaster recovery, which log while they run. */
  final TierJobs jobs(DeploymentSettings settings) {
    Logs.ofCommand(global().debug, global().quiet);
    return new TierJobs(settings.operations(), servers.tenantRules(settings));
  }

  /** The dead letters of the deployment. */
  final DeadLetters deadLetters(DeploymentSettings settings) {
    return new DeadLetters(settings.operations(), servers.tenantRules(settings));
  }
}
