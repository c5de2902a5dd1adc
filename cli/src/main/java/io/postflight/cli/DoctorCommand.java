package io.postflight.cli;

import io.postflight.operations.doctor.Doctor;
import io.postflight.operations.doctor.DoctorReport;
import io.postflight.operations.doctor.Finding;
import io.postflight.schema.signature.SignatureChecks;
import io.postflight.settings.DeploymentSettings;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Examines a deployment. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a deployment against its configuration, without changes, and prints a line per"
          + " check: ok, warn or fail, with what to do.",
      "",
      "Checks topics, their retention against the interval of backups, tenants, schemas in the"
          + " registry, and in each tier's cluster tables, TTL, compaction windows, replication"
          + " and racks, consistency, commit log and clocks; if roles are running, their lag.",
      "",
      "Exit code 0 if no check failed, 1 if one failed, 3 if a server is unreachable (the others"
          + " are still checked).",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight doctor",
      "  postflight doctor --before-start     before roles are started for the first time",
      "  postflight doctor --json | jq '.checks[] | select(.level == \"fail\")'"
    })
final class DoctorCommand extends ServerCommand {
  @Option(
      names = "--before-start",
      description = "Skips checks that require running roles: their lag.")
  boolean beforeStart;

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  private static Doctor.GatewayExposure gateway(DeploymentSettings settings) {
    return new Doctor.GatewayExposure(
        settings.http().host(), settings.gateway().senderNamesHost(), SignatureChecks::needUrl);
  }

  @Override
  public Integer call() {
    // SLF4J warns if it is first used by several threads at once, as the checks are.
    LoggerFactory.getILoggerFactory();
    DeploymentSettings settings = settings();
    DoctorReport report =
        new Doctor(
                settings.operations(),
                gateway(settings),
                servers.tenantRules(settings),
                environment().clock())
            .examine(!beforeStart);
    show(report, json, this::print);
    return report.unreachable() ? ExitCodes.UNREACHABLE : ExitCodes.of(report.fail() == 0);
  }

  private void print(DoctorReport report) {
    for (Finding finding : report.checks()) {
      String advice = finding.advice().isEmpty() ? "" : "; to do: " + finding.advice();
      out()
          .printf(
              "%-4s  %-12s %s: %s%s%n",
              finding.level().label(),
              finding.check(),
              finding.subject(),
              finding.detail(),
              advice);
    }
    out().printf("%d ok, %d warn, %d fail%n", report.ok(), report.warn(), report.fail());
  }
}
