package io.postflight.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.postflight.api.signature.SignatureChecks;
import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.operations.doctor.Doctor;
import io.postflight.operations.doctor.Finding;
import io.postflight.settings.DeploymentSettings;
import java.io.PrintStream;
import java.util.Locale;
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

  DoctorCommand(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  private static Doctor.Gateway gateway(DeploymentSettings settings) {
    return new Doctor.Gateway(
        settings.http().host(), settings.gateway().senderNamesHost(), SignatureChecks::needUrl);
  }

  @Override
  public Integer call() {
    DeploymentSettings settings = settings();
    Doctor.Report report =
        new Doctor(
                settings.operations(),
                gateway(settings),
                servers.tenantRules(settings),
                environment.clock())
            .examine(!beforeStart);
    if (json) {
      new JsonLines(out()).print(node -> fill(report, node));
    } else {
      print(report, out());
    }
    if (report.unreachable()) {
      return ExitCodes.UNREACHABLE;
    }
    return report.count(Finding.Level.FAIL) == 0 ? ExitCodes.DONE : ExitCodes.BAD_ANSWER;
  }

  private static void print(Doctor.Report report, PrintStream out) {
    for (Finding finding : report.findings()) {
      String advice = finding.advice().isEmpty() ? "" : "; to do: " + finding.advice();
      out.printf(
          "%-4s  %-12s %s: %s%s%n",
          level(finding.level()), finding.check(), finding.subject(), finding.detail(), advice);
    }
    out.printf(
        "%d ok, %d warn, %d fail%n",
        report.count(Finding.Level.OK),
        report.count(Finding.Level.WARN),
        report.count(Finding.Level.FAIL));
  }

  private static void fill(Doctor.Report report, ObjectNode node) {
    for (Finding.Level level : Finding.Level.values()) {
      node.put(level(level), report.count(level));
    }
    node.put("unreachable", report.unreachable());
    ArrayNode checks = node.putArray("checks");
    for (Finding finding : report.findings()) {
      checks
          .addObject()
          .put("check", finding.check())
          .put("subject", finding.subject())
          .put("level", level(finding.level()))
          .put("detail", finding.detail())
          .put("advice", finding.advice().isEmpty() ? null : finding.advice());
    }
  }

  private static String level(Finding.Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
