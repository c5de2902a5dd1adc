package io.postflight.cli;

import io.postflight.cli.output.ConsoleProgress;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A stack to develop against. */
@Command(
    name = "dev",
    mixinStandardHelpOptions = true,
    description = {
      "Runs everything on this machine until SIGTERM or Ctrl-C: Kafka, a CQL server, a schema"
          + " registry and all roles, with the tenants acme (30d), globex (15d), initech (60d) and"
          + " hooli (90d).",
      "",
      "When everything is ready, DIR/endpoints.json contains the addresses, keys and secrets."
          + " Restarting on the same directory keeps the data, even after a crash: every webhook"
          + " that was answered 200 is stored eventually. Exit code 0 when stopped.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight dev",
      "  postflight dev --data-dir /tmp/pf --port 9000 &",
      "  postflight ingest --provider whatsapp --tenant acme status.json",
      "  postflight dev --servers-only     only Kafka, registry and CQL server, with topics and"
          + " tables"
    })
final class DevCommand implements Callable<Integer>, ReadsSettings {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Data directory (default: .postflight/dev).")
  @Nullable Path dataDir;

  @Option(
      names = "--port",
      paramLabel = "P",
      description = "HTTP port (default: http.port, 8080); 0: any free port.")
  @Nullable Integer port;

  @Option(names = "--servers-only", description = "Only the servers, without roles.")
  boolean serversOnly;

  @Option(names = "--json", description = "Prints the content of endpoints.json when ready.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  DevCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    EmbeddedCommand.requireServers("dev");
    global.refuseServers("dev starts its own servers");
    DeploymentSettings settings = global.developmentSettings(surroundings);
    if (port != null) {
      settings = settings.servingOn(CommandPorts.checked(port));
    }
    EmbeddedCommand embedded = new EmbeddedCommand(global, surroundings);
    if (!serversOnly) {
      embedded.requireFree(settings.http().host(), settings.http().port(), "--port");
    }
    Path directory = surroundings.resolve(dataDir == null ? settings.dev().dataDir() : dataDir);
    Progress progress = new ConsoleProgress(surroundings, global.quiet);
    RunningStacks running =
        new RunningStacks(surroundings.environment(), surroundings.workingDirectory());
    try (Shutdown shutdown = Shutdown.ofThisThread();
        DataDirectory data = DataDirectory.take(directory);
        EmbeddedStack stack = embedded.start(data, settings, serversOnly, progress)) {
      Endpoints endpoints = stack.endpoints();
      shutdown.isNormalEnd();
      Path file = endpoints.writeTo(data.path());
      running.announce(file);
      print(endpoints, file, EmbeddedCommand.log(data));
      shutdown.await();
      progress.step("Stopping");
      running.withdraw();
      Files.deleteIfExists(file);
      return ExitCodes.DONE;
    } catch (InterruptedException e) {
      throw OperationException.interrupted();
    }
  }

  private void print(Endpoints endpoints, Path file, Path log) {
    PrintStream out = surroundings.out();
    if (json) {
      new JsonLines(out).printValue(endpoints);
      return;
    }
    out.println("Ready.");
    out.println("  http       " + (serversOnly ? "(not served)" : endpoints.http()));
    out.println("  kafka      " + endpoints.kafka());
    out.println("  registry   " + endpoints.registry());
    endpoints.cql().values().stream()
        .findFirst()
        .ifPresent(cql -> out.println("  cql        " + cql.host() + ":" + cql.port()));
    endpoints
        .tenants()
        .forEach(
            tenant ->
                out.printf(
                    "  tenant     %-8s %-4s %s%n", tenant.id(), tenant.tier(), tenant.apiKey()));
    out.println("  endpoints  " + file);
    out.println("  log        " + log);
    out.println("Stop it with Ctrl-C.");
  }
}
