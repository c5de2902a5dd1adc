package io.postflight.cli;

import io.postflight.cli.output.ConsoleProgress;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.replay.deadletter.DeadLetterFilter;
import io.postflight.replay.deadletter.DeadLetterTopic;
import io.postflight.replay.deadletter.DeadLetterTopic.Listed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
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
final class DeadLettersListCommand implements Callable<Integer> {
  private static final int MOST = 100_000;

  @Mixin ConfiguredServers servers = new ConfiguredServers();

  @Mixin DeadLetterOptions which = new DeadLetterOptions();

  @Option(names = "--pending", description = "Only those that were not redriven.")
  boolean pending;

  @Option(names = "--limit", paramLabel = "N", description = "Only the newest N; all are counted.")
  @Nullable Integer limit;

  @Option(names = "--counts", description = "Only the number by reason.")
  boolean counts;

  @Option(
      names = "--json",
      description = "One JSON line per dead letter; with --counts one object.")
  boolean json;

  private final GlobalOptions global;
  private final Surroundings surroundings;

  DeadLettersListCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DeadLetterFilter filter = which.filter();
    long from = which.from(surroundings.clock());
    long to = which.to(surroundings.clock());
    if (limit != null && (limit < 1 || limit > MOST)) {
      throw OperationException.usage("--limit " + limit + " is not allowed; allowed: 1 to " + MOST);
    }
    if (counts && limit != null) {
      throw OperationException.usage("--limit would have no effect with --counts: remove one");
    }
    Progress progress = new ConsoleProgress(surroundings, global.quiet);
    Map<String, Long> byReason = new TreeMap<>();
    Deque<Listed> newest = new ArrayDeque<>();
    LongConsumer told = looked -> progress.still("Read " + looked + " dead letters");
    Consumer<Listed> taken = listed -> take(listed, byReason, newest, progress);
    DeadLetterServers where = new DeadLetterServers(servers, global, surroundings);
    where.run(
        deployment -> {
          DeadLetterTopic deadLetters = new DeadLetterTopic(deployment);
          deadLetters.read(filter, from, to, told, taken);
          return deadLetters;
        });
    progress.clear();
    if (byReason.isEmpty()) {
      where.requireKnown(which.tenant, which.provider);
    }
    newest.forEach(this::print);
    if (counts || !json) {
      print(byReason);
    }
    return ExitCodes.DONE;
  }

  private void take(
      Listed listed, Map<String, Long> byReason, Deque<Listed> newest, Progress progress) {
    if (pending && listed.redriven()) {
      return;
    }
    byReason.merge(DeadLetterText.word(listed.deadLetter().reason()), 1L, Long::sum);
    if (counts) {
      return;
    }
    if (limit == null) {
      progress.clear();
      print(listed);
      return;
    }
    newest.addLast(listed);
    if (newest.size() > limit) {
      newest.removeFirst();
    }
  }

  private void print(Listed listed) {
    if (json) {
      new JsonLines(surroundings.out()).print(line -> DeadLetterText.fill(line, listed));
    } else {
      surroundings.out().println(DeadLetterText.line(listed));
    }
  }

  private void print(Map<String, Long> byReason) {
    long all = byReason.values().stream().mapToLong(Long::longValue).sum();
    if (json) {
      new JsonLines(surroundings.out())
          .print(
              object -> {
                object.put("letters", all);
                byReason.forEach(object.putObject("byReason")::put);
              });
      return;
    }
    String each =
        byReason.entrySet().stream()
            .map(count -> count.getKey() + " " + count.getValue())
            .collect(Collectors.joining(", "));
    surroundings.out().println(all + " dead letters" + (all == 0 ? "" : ": " + each));
  }
}
