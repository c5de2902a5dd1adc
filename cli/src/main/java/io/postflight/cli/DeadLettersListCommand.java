package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.operations.deadletter.DeadLetterCounts;
import io.postflight.operations.deadletter.DeadLetterLine;
import io.postflight.operations.deadletter.DeadLetterList;
import io.postflight.operations.deadletter.DeadLetterText;
import io.postflight.operations.deadletter.DeadLetters;
import io.postflight.replay.deadletter.DeadLetterFilter;
import io.postflight.replay.deadletter.DeadLetterTopic.ListedDeadLetter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists dead letters. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Lists dead letters, oldest first: id, time, reasons, stage, tenant, provider, source record,"
          + " whether it was redriven, detail. Then the number by reason.",
      "",
      "Uses the configured servers (--config, --set, environment), else those of a running dev"
          + " or demo --stay.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  postflight dead-letters list",
      "  postflight dead-letters list --reason UNKNOWN_STATUS,UNKNOWN_TENANT --from 2d --pending",
      "  postflight dead-letters list --json --tenant acme | jq -r .id",
      "  postflight dead-letters list --counts"
    })
final class DeadLettersListCommand extends ServerCommand {
  @Mixin DeadLetterOptions which = new DeadLetterOptions();

  @Option(names = "--pending", description = "Only those that were not redriven.")
  boolean pending;

  @Within(least = 1, most = 100_000)
  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Only the newest N, 1 or more; all are counted.")
  @Nullable Integer limit;

  @Option(names = "--counts", description = "Only the number by reason.")
  boolean counts;

  @Option(
      names = "--json",
      description = "One JSON line per dead letter; with --counts one object.")
  boolean json;

  @Override
  public Integer call() {
    DeadLetterFilter filter = which.filter();
    DeadLetters.TimeRange range = new DeadLetters.TimeRange(which.from(), which.to());
    if (counts && limit != null) {
      throw OperationException.usage("--limit would have no effect with --counts: remove one");
    }
    Progress progress = progress();
    DeadLetters deadLetters = deadLetters(settings());
    DeadLetterList found =
        new DeadLetterList(
            pending, counts ? Integer.valueOf(0) : limit, listed -> print(listed, progress));
    deadLetters.list(
        filter, range, read -> progress.still("Dead letters read so far: " + read), found);
    progress.clear();
    DeadLetterCounts counted = found.counts();
    if (counted.deadLetters() == 0) {
      deadLetters.requireKnown(which.tenant, which.provider);
    }
    found.newest().forEach(listed -> print(listed, progress));
    if (counts || !json) {
      show(counted, json, numbers -> out().println(DeadLetterText.line(numbers)));
    }
    return ExitCodes.DONE;
  }

  private void print(ListedDeadLetter listed, Progress progress) {
    progress.clear();
    show(DeadLetterLine.of(listed), json, line -> out().println(DeadLetterText.line(listed)));
  }
}
