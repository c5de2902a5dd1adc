package io.postflight.cli;

import io.postflight.cli.output.ConsoleProgress;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.demo.embedded.DataDirectory;
import io.postflight.demo.embedded.EmbeddedStack;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.operations.StorageTier;
import io.postflight.operations.replay.DrillKeyspace;
import io.postflight.operations.replay.DrillTopics;
import io.postflight.operations.replay.ReplayWiring;
import io.postflight.replay.Drill;
import io.postflight.replay.DrillReport;
import io.postflight.replay.ReplayException;
import io.postflight.runtime.Shutdown;
import io.postflight.runtime.logging.Logs;
import io.postflight.settings.DeploymentSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Practises a disaster on scratch tables. */
@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Practises disaster recovery: fills a scratch keyspace and topic with generated messages,"
          + " drops the keyspace, restores it from the topic, verifies it, and reports the"
          + " recovery time. The tier's own tables and topics are not touched, and the"
          + " scratch ones are removed.",
      "",
      "Without configured servers it starts embedded ones. Exit code 1 unless every row was"
          + " restored.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight drill --tier 30d",
      "  postflight drill --tier 30d --messages 100000 --json"
    })
final class DrillCommand implements Callable<Integer> {
  private static final int MOST_MESSAGES = 100_000_000;

  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Option(names = "--tier", required = true, paramLabel = "T", description = "Which tier.")
  String tier = "";

  @Option(
      names = "--messages",
      paramLabel = "N",
      defaultValue = "20000",
      description =
          "Number of messages, each with seven to eight rows (default:" + " ${DEFAULT-VALUE}).")
  int messages;

  @Option(names = "--json", description = "The result as one JSON object.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  DrillCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    if (messages < 1 || messages > MOST_MESSAGES) {
      throw OperationException.usage(
          "--messages " + messages + " is not allowed; allowed: 1 to " + MOST_MESSAGES);
    }
    Progress progress = new ConsoleProgress(surroundings, global.quiet);
    try (Shutdown shutdown = Shutdown.ofThisThread()) {
      if (servers.any(global, surroundings)) {
        Logs.ofCommand(global.debug, global.quiet);
        return run(servers.settings(global, surroundings), progress, shutdown);
      }
      return runEmbedded(progress, shutdown);
    } catch (ReplayException failure) {
      progress.clear();
      throw ReplayFailures.of(failure);
    } catch (InterruptedException interrupted) {
      progress.clear();
      throw OperationException.interrupted();
    }
  }

  private int runEmbedded(Progress progress, Shutdown shutdown)
      throws IOException, InterruptedException {
    EmbeddedCommand.requireServers("drill without --servers");
    DeploymentSettings settings = global.developmentSettings(surroundings);
    StorageTier unused =
        ReplayWiring.tier(settings.operations(), tier); // before anything is started
    Path directory = Files.createTempDirectory("postflight-drill-");
    try (DataDirectory data = DataDirectory.take(directory);
        EmbeddedStack stack =
            new EmbeddedCommand(global, surroundings).start(data, settings, true, progress)) {
      return run(stack.settings(), progress, shutdown);
    } finally {
      new DirectoryRemoval(directory).run(false);
    }
  }

  private int run(DeploymentSettings settings, Progress progress, Shutdown shutdown)
      throws InterruptedException {
    StorageTier storage = ReplayWiring.tier(settings.operations(), tier);
    String suffix = "_drill_" + UUID.randomUUID().toString().substring(0, 8);
    DrillReport report;
    try (DrillTopics topics = DrillTopics.make(settings.operations(), storage, suffix);
        DrillKeyspace keyspace = DrillKeyspace.of(storage, suffix)) {
      report = Drill.run(topics.replay(), keyspace, messages, observer(progress, shutdown));
    }
    progress.clear();
    print(report);
    return report.recovered() ? ExitCodes.DONE : ExitCodes.BAD_ANSWER;
  }

  private static Drill.Observer observer(Progress progress, Shutdown shutdown) {
    return new Drill.Observer() {
      @Override
      public void step(String what) {
        progress.step(what);
      }

      @Override
      public void at(String what, long done, long total) {
        if (!shutdown.requested()) {
          progress.at(what, done, total);
        }
      }
    };
  }

  private void print(DrillReport report) {
    if (json) {
      new JsonLines(surroundings.out())
          .print(
              object -> {
                object.put("tier", report.tier());
                object.put("rows", report.rows());
                object.put("restoredRows", report.restoredRows());
                object.put("differences", report.differences());
                object.put("seconds", report.seconds());
                object.put("rowsPerSecond", report.rowsPerSecond());
              });
      return;
    }
    surroundings
        .out()
        .printf(
            "%s: %,d of %,d rows restored in %.1f s (%,d rows/s), %,d differences%n",
            report.tier(),
            report.restoredRows(),
            report.rows(),
            report.seconds(),
            report.rowsPerSecond(),
            report.differences());
  }
}
