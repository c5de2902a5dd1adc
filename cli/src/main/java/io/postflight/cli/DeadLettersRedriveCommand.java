package io.postflight.cli;

import io.postflight.cli.output.ConsoleProgress;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.replay.deadletter.DeadLetterId;
import io.postflight.replay.deadletter.Redrive;
import io.postflight.replay.deadletter.RedriveListener;
import io.postflight.replay.deadletter.RedriveReport;
import io.postflight.replay.deadletter.RedriveSettings;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends dead letters back. */
@Command(
    name = "redrive",
    mixinStandardHelpOptions = true,
    description = {
      "Redrives dead letters to their source topics once the cause is fixed. Of a webhook only"
          + " the rejected entries are processed again; key and arrival time are kept. Each dead"
          + " letter is redriven once, even if the command is killed or repeated; a record"
          + " that fails again becomes a new dead letter.",
      "",
      "Dead letters with reason UNSUPPORTED_EVENT are redriven only if --reason selects it.",
      "",
      "Exit code 1 if a dead letter could not be redriven; it remains unchanged.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight dead-letters redrive --dry-run",
      "  postflight dead-letters redrive --reason UNKNOWN_TENANT --tenant acme",
      "  postflight dead-letters redrive --reason INTERNAL --from 2d --rate 200 --json"
    })
final class DeadLettersRedriveCommand implements Callable<Integer> {
  private static final int TOLD = 20;

  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Mixin DeadLetterOptions which = new DeadLetterOptions();

  @Option(names = "--dry-run", description = "Shows what would be done, without changes.")
  boolean dryRun;

  @Option(names = "--rate", paramLabel = "N", description = "At most N records per second.")
  @Nullable Integer rate;

  @Option(names = "--again", description = "Includes dead letters that were redriven before.")
  boolean again;

  @Option(names = "--json", description = "The result as one JSON object.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  DeadLettersRedriveCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (rate != null && rate < 1) {
      throw OperationException.usage("--rate " + rate + " is not allowed; allowed: 1 or more");
    }
    RedriveSettings settings =
        new RedriveSettings(
            which.filter(),
            which.from(surroundings.clock()),
            which.to(surroundings.clock()),
            dryRun,
            again,
            rate == null ? 0 : rate);
    Progress progress = new ConsoleProgress(surroundings, global.quiet);
    Told told = new Told(progress);
    DeadLetterServers where = new DeadLetterServers(servers, global, surroundings);
    RedriveReport report =
        where.run(
            deployment -> new Redrive(deployment, settings, surroundings.clock(), told).run());
    progress.clear();
    if (report.matched() == 0) {
      where.requireKnown(which.tenant, which.provider);
    }
    told.end();
    print(report);
    return report.failed() == 0 ? ExitCodes.DONE : ExitCodes.BAD_ANSWER;
  }

  private void print(RedriveReport report) {
    if (json) {
      new JsonLines(surroundings.out()).printValue(report);
      return;
    }
    surroundings
        .out()
        .printf(
            "%d dead letters read, %d selected: %d %s, %d skipped as erased, %d as redriven"
                + " before, %d could not be redriven%n",
            report.read(),
            report.matched(),
            report.redriven(),
            dryRun ? "would be redriven" : "redriven",
            report.skippedErased(),
            report.skippedDone(),
            report.failed());
  }

  /** Tells the user how it goes: the first failures one by one. */
  private final class Told implements RedriveListener {
    private final Progress progress;
    private long failures;

    Told(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void at(long done, long total) {
      progress.at(dryRun ? "Reading dead letters" : "Redriving", done, total);
    }

    @Override
    public void failed(DeadLetterId deadLetter, String why) {
      if (++failures <= TOLD) {
        progress.clear();
        surroundings.err().println(deadLetter + " not redriven: " + DeadLetterText.word(why));
      }
    }

    void end() {
      if (failures > TOLD) {
        surroundings.err().println("and " + (failures - TOLD) + " more not redriven");
      }
    }
  }
}
