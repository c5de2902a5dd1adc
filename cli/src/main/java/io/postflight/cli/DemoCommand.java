package io.postflight.cli;

import io.postflight.demo.Demo;
import io.postflight.demo.DemoReport;
import io.postflight.demo.embedded.AnnouncedStack;
import io.postflight.demo.embedded.DataDirectory;
import io.postflight.demo.embedded.EmbeddedStack;
import io.postflight.demo.embedded.StackPrinter;
import io.postflight.demo.embedded.TemporaryDirectory;
import io.postflight.operations.Progress;
import io.postflight.runtime.HttpPort;
import io.postflight.runtime.Shutdown;
import io.postflight.settings.DeploymentSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Demonstrates the data flow on real servers, and reconciles stored events with sent ones. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Starts Kafka, a CQL server, a schema registry and all roles on this machine, sends simulated"
          + " webhooks of N messages through the real gateway (signed, repeated, out of order, some"
          + " deliberately invalid), and once all is stored reconciles it with what was sent.",
      "",
      "Exit code 0 only if every accepted event is stored once, every message has the expected"
          + " status, and the dead letters are exactly the deliberately invalid webhooks.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight demo",
      "  postflight demo --messages 50000",
      "  postflight demo --stay            keeps running, and prints curl lines to paste",
      "  postflight demo --json | jq .reconciled"
    })
final class DemoCommand extends StackCommand {
  @Within(least = 1, most = 100_000_000)
  @Option(
      names = "--messages",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Number of simulated messages and user actions, 1 to 100000000 (default:"
              + " ${DEFAULT-VALUE}).")
  long messages;

  @Within(most = 65_535)
  @Option(
      names = "--port",
      paramLabel = "P",
      description = "HTTP port, 0 to 65535 (default: http.port if it is free, else any free port).")
  @Nullable Integer port;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the simulation (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--stay",
      description = "Keeps running after the summary, with endpoints.json, until stopped.")
  boolean stay;

  @Option(names = "--json", description = "The summary as one JSON object.")
  boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireServers("demo");
    refuseServers("demo", global());
    refuseBeside("--port", port, "http.port");
    DeploymentSettings settings = HttpPort.withFreePort(port, global().developmentSettings());
    try (Shutdown shutdown = Shutdown.ofThisThread();
        TemporaryDirectory directory = TemporaryDirectory.create("postflight-demo-", progress())) {
      directory.keepLogs(true);
      int code = run(directory.path(), settings, shutdown);
      directory.keepLogs(code != ExitCodes.DONE);
      return code;
    }
  }

  private int run(Path directory, DeploymentSettings settings, Shutdown shutdown)
      throws IOException, InterruptedException {
    Progress progress = progress();
    try (DataDirectory data = DataDirectory.take(directory);
        EmbeddedStack stack = launcher(global()).start(data, settings, false, progress)) {
      DemoReport report = new Demo(stack, progress, Clock.systemUTC()).run(seed, messages);
      show(report, json, each -> each.print(out()));
      int code = ExitCodes.of(report.result().reconciled());
      if (stay) {
        try (AnnouncedStack announced = announce(stack, data)) {
          if (!json) {
            StackPrinter.printExamples(stack.endpoints(), announced.file(), out());
          }
          shutdown.treatAsSuccess();
          code = Math.max(code, awaitEnd(stack, data, shutdown));
        }
      }
      progress.step("Stopping");
      return code;
    }
  }
}
