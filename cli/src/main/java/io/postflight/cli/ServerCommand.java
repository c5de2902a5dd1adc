package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.operations.admin.TenantAdmin;
import io.postflight.operations.deadletter.DeadLetters;
import io.postflight.operations.replay.TierJobs;
import io.postflight.runtime.logging.Logs;
import io.postflight.settings.DeploymentSettings;
import picocli.CommandLine.Mixin;

/** A command that works on the servers of a deployment. */
abstract class ServerCommand extends Subcommand {
  @Mixin ConfiguredServers servers = new ConfiguredServers();

  ServerCommand(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  /** The settings of the deployment; standard error gets a line that names its servers. */
  DeploymentSettings settings() {
    return servers.settings(global, environment);
  }

  /** The tenants of the deployment. */
  TenantAdmin tenants(DeploymentSettings settings) {
    return TenantAdmin.open(settings.operations(), servers.tenantRules(settings));
  }

  /** The jobs of disaster recovery, which log while they run. */
  TierJobs jobs(DeploymentSettings settings) {
    Logs.ofCommand(global.debug, global.quiet);
    return new TierJobs(settings.operations(), servers.tenantRules(settings));
  }

  /** The dead letters of the deployment. */
  DeadLetters deadLetters(DeploymentSettings settings) {
    return new DeadLetters(settings.operations(), servers.tenantRules(settings));
  }
}
