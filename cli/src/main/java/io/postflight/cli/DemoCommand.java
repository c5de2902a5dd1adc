package io.postflight.cli;

import io.postflight.cli.output.ConsoleProgress;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.demo.Demo;
import io.postflight.demo.DemoReport;
import io.postflight.demo.embedded.DataDirectory;
import io.postflight.demo.embedded.EmbeddedStack;
import io.postflight.demo.embedded.Endpoints;
import io.postflight.demo.embedded.RunningStacks;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.runtime.Shutdown;
import io.postflight.settings.DeploymentSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the whole way of an event, on real servers, and proves that nothing is lost. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Starts Kafka, a CQL server, a schema registry and all roles on this machine, sends simulated"
          + " webhooks of N messages through the real gateway (signed, repeated, out of order,"
          + " some of them deliberately invalid), waits until everything is stored, and"
          + " reconciles what was sent with what is stored.",
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
final class DemoCommand implements Callable<Integer>, ReadsSettings {
  private static final long MOST_MESSAGES = 100_000_000;

  @Option(
      names = "--messages",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Number of simulated messages (default: ${DEFAULT-VALUE}).")
  long messages;

  @Option(
      names = "--port",
      paramLabel = "P",
      description = "HTTP port (default: http.port if it is free, else any free port).")
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

  private final GlobalOptions global;
  private final Surroundings surroundings;

  DemoCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    if (messages < 0 || messages > MOST_MESSAGES) {
      throw OperationException.usage(
          "--messages " + messages + " is not allowed; allowed: 0 to " + MOST_MESSAGES);
    }
    EmbeddedCommand.requireServers("demo");
    global.refuseServers("demo starts its own servers");
    DeploymentSettings settings = onPort(global.developmentSettings(surroundings));
    Path directory = Files.createTempDirectory("postflight-demo-");
    Progress progress = new ConsoleProgress(surroundings, global.quiet);
    boolean keepLog = true;
    try (Shutdown shutdown = Shutdown.ofThisThread()) {
      DemoReport report = run(directory, settings, progress, shutdown);
      keepLog = !report.reconciled();
      return report.reconciled() ? ExitCodes.DONE : ExitCodes.BAD_ANSWER;
    } catch (InterruptedException e) {
      throw OperationException.interrupted();
    } finally {
      if (keepLog) {
        progress.step("The log is " + directory.resolve("postflight.log"));
      }
      new DirectoryRemoval(directory).run(keepLog);
    }
  }

  private DemoReport run(
      Path directory, DeploymentSettings settings, Progress progress, Shutdown shutdown)
      throws IOException, InterruptedException {
    EmbeddedCommand embedded = new EmbeddedCommand(global, surroundings);
    try (DataDirectory data = DataDirectory.take(directory);
        EmbeddedStack stack = embedded.start(data, settings, false, progress)) {
      DemoReport report = new Demo(stack, progress, Clock.systemUTC()).run(seed, messages);
      if (json) {
        new JsonLines(surroundings.out()).printValue(report);
      } else {
        report.print(surroundings.out());
      }
      if (stay) {
        stay(stack, data, shutdown);
      }
      progress.step("Stopping");
      return report;
    }
  }

  private void stay(EmbeddedStack stack, DataDirectory data, Shutdown shutdown) throws IOException {
    RunningStacks running =
        new RunningStacks(surroundings.environment(), surroundings.workingDirectory());
    Endpoints endpoints = stack.endpoints();
    Path file = endpoints.writeTo(data.path());
    running.announce(file);
    if (!json) {
      printCurlLines(endpoints, file);
    }
    shutdown.isNormalEnd();
    shutdown.await();
    running.withdraw();
    Files.deleteIfExists(file);
  }

  private void printCurlLines(Endpoints endpoints, Path file) {
    PrintStream out = surroundings.out();
    Endpoints.TenantAccess acme = endpoints.tenant("acme").orElseThrow();
    String curl = "  curl -s -H 'Authorization: Bearer " + acme.apiKey() + "' '" + endpoints.http();
    out.println();
    out.println("Still running; addresses, keys and secrets are in " + file);
    out.println("Try:");
    out.println(curl + "/v1/messages/wamid.POSTFLIGHT.BUNDLED.ANSWER%3D%3D'");
    out.println(curl + "/v1/users/593981110001/timeline?limit=5'");
    out.println(curl + "/v1/users/593981110001/last'");
    out.println(curl + "/v1/messages?status=FAILED&limit=3'");
    out.println("  curl -s '" + endpoints.status() + "/health/status'");
    out.println("  curl -s '" + endpoints.status() + "/metrics' | grep ^postflight_");
    out.println("Stop it with Ctrl-C.");
  }

  private DeploymentSettings onPort(DeploymentSettings settings) {
    EmbeddedCommand embedded = new EmbeddedCommand(global, surroundings);
    if (port != null) {
      int wanted = CommandPorts.checked(port);
      embedded.requireFree(settings.http().host(), wanted, "--port");
      return settings.servingOn(wanted);
    }
    return embedded.isFree(settings.http().host(), settings.http().port())
        ? settings
        : settings.servingOn(0);
  }
}
