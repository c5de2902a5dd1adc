package io.postflight.cli;

import io.postflight.demo.embedded.AnnouncedStack;
import io.postflight.demo.embedded.DataDirectory;
import io.postflight.demo.embedded.EmbeddedLauncher;
import io.postflight.demo.embedded.EmbeddedStack;
import io.postflight.demo.embedded.Endpoints;
import io.postflight.demo.embedded.StackPrinter;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.runtime.HttpPort;
import io.postflight.runtime.Shutdown;
import io.postflight.settings.DeploymentSettings;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs an embedded stack for development. */
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
final class DevCommand extends StackCommand {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Data directory (default: .postflight/dev).")
  @Nullable Path dataDir;

  @Within(most = 65_535)
  @Option(
      names = "--port",
      paramLabel = "P",
      description = "HTTP port, 0 to 65535 (default: http.port, 8080); 0: any free port.")
  @Nullable Integer port;

  @Option(names = "--servers-only", description = "Only the servers, without roles.")
  boolean serversOnly;

  @Option(names = "--json", description = "Prints the content of endpoints.json when ready.")
  boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireServers("dev");
    refuseServers("dev", global());
    refuseBeside("--port", port, "http.port");
    refuseBeside("--data-dir", dataDir, "dev.dataDir");
    DeploymentSettings settings = HttpPort.withPort(port, global().developmentSettings());
    if (serversOnly) {
      if (port != null) {
        throw OperationException.usage("--port has no effect with --servers-only: no API starts");
      }
      global().refuseServers("--servers-only starts no roles", "http.port", "http.statusPort");
    } else {
      HttpPort.requireFree(settings, "--port");
    }
    Path directory = environment().resolve(dataDir == null ? settings.dev().dataDir() : dataDir);
    Progress progress = progress();
    try (Shutdown shutdown = Shutdown.ofThisThread();
        DataDirectory data = DataDirectory.take(directory);
        EmbeddedStack stack = launcher(global()).start(data, settings, serversOnly, progress)) {
      Endpoints endpoints = stack.endpoints();
      shutdown.treatAsSuccess();
      try (AnnouncedStack announced = announce(stack, data)) {
        Path log = EmbeddedLauncher.log(data);
        show(
            endpoints, json, ready -> StackPrinter.printReady(ready, announced.file(), log, out()));
        int code = awaitEnd(stack, data, shutdown);
        progress.step("Stopping");
        return code;
      }
    }
  }
}
