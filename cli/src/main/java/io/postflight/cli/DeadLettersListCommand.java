package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ExitCodes;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.operations.deadletter.DeadLetterCounts;
import io.postflight.operations.deadletter.DeadLetterLine;
import io.postflight.operations.deadletter.DeadLetterList;
import io.postflight.operations.deadletter.DeadLetterText;
import io.postflight.operations.deadletter.DeadLetters;
import io.postflight.replay.deadletter.DeadLetterFilter;
import io.postflight.replay.deadletter.DeadLetterTopic.Listed;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists dead letters. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Lists dead letters, oldest first: id, time, reason, stage, tenant, provider, source record,"
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
  private static final int MOST = 100_000;

  @Mixin DeadLetterOptions which = new DeadLetterOptions();

  @Option(names = "--pending", description = "Only those that were not redriven.")
  boolean pending;

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

  DeadLettersListCommand(GlobalOptions global, CommandEnvironment environment) {
    super(global, environment);
  }

  @Override
  public Integer call() {
    DeadLetterFilter filter = which.filter();
    long from = which.from(environment.clock());
    long to = which.to(environment.clock());
    if (limit != null && (limit < 1 || limit > MOST)) {
      throw OperationException.usage("--limit " + limit + " is not allowed; allowed: 1 to " + MOST);
    }
    if (counts && limit != null) {
      throw OperationException.usage("--limit would have no effect with --counts: remove one");
    }
    Progress progress = progress();
    DeadLetters letters = deadLetters(settings());
    DeadLetterList found =
        new DeadLetterList(
            pending, counts ? Integer.valueOf(0) : limit, listed -> print(listed, progress));
    letters.list(
        filter,
        new DeadLetters.Range(from, to),
        read -> progress.still("Read " + read + " dead letters"),
        found);
    progress.clear();
    if (found.counts().letters() == 0) {
      letters.requireKnown(which.tenant, which.provider);
    }
    found.newest().forEach(listed -> print(listed, progress));
    if (counts || !json) {
      print(found.counts());
    }
    return ExitCodes.DONE;
  }

  private void print(Listed listed, Progress progress) {
    progress.clear();
    if (json) {
      printJson(DeadLetterLine.of(listed));
    } else {
      out().println(DeadLetterText.line(listed));
    }
  }

  private void print(DeadLetterCounts found) {
    if (json) {
      printJson(found);
      return;
    }
    String each =
        found.byReason().entrySet().stream()
            .map(count -> count.getKey() + " " + count.getValue())
            .collect(Collectors.joining(", "));
    out().println(found.letters() + " dead letters" + (found.letters() == 0 ? "" : ": " + each));
  }
}
