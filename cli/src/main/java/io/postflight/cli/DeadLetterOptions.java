package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.replay.deadletter.DeadLetterFilter;
import io.postflight.schema.topic.RejectionReason;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which dead letters a command is about. */
final class DeadLetterOptions {
  @Option(
      names = "--reason",
      split = ",",
      paramLabel = "R",
      description = "Only this reason, such as UNKNOWN_STATUS. Comma-separated or repeated.")
  List<String> reasons = List.of();

  @Option(
      names = "--stage",
      paramLabel = "S",
      description = "Only this stage: normalize, lifecycle, sink.")
  @Nullable String stage;

  @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant.")
  @Nullable String tenant;

  @Option(names = "--provider", paramLabel = "P", description = "Only this provider.")
  @Nullable String provider;

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Only those written at or after this time: RFC 3339, epoch milliseconds, or"
              + " relative (2h, 7d).")
  @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Only those written before this time.")
  @Nullable String to;

  /**
   * The filter.
   *
   * @throws OperationException naming the option, its value and what is allowed
   */
  DeadLetterFilter filter() {
    try {
      return new DeadLetterFilter(parsed(), stage, tenant, provider);
    } catch (IllegalArgumentException e) {
      throw OperationException.usage("--stage: " + e.getMessage());
    }
  }

  private Set<RejectionReason> parsed() {
    EnumSet<RejectionReason> parsed = EnumSet.noneOf(RejectionReason.class);
    for (String reason : reasons) {
      try {
        parsed.add(RejectionReason.valueOf(reason.strip().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException unknown) {
        throw OperationException.usage(
            "--reason "
                + reason
                + " is not known; allowed: "
                + String.join(
                    ", ",
                    Arrays.stream(RejectionReason.values()).map(RejectionReason::name).toList()));
      }
    }
    return parsed;
  }

  /** When it begins, epoch milliseconds. */
  long from(InstantSource clock) {
    return from == null ? 0 : Math.max(0, CommandTimes.millis("--from", from, clock));
  }

  /** When it ends, epoch milliseconds. */
  long to(InstantSource clock) {
    long end = to == null ? Long.MAX_VALUE : CommandTimes.millis("--to", to, clock);
    if (end <= from(clock)) {
      throw OperationException.usage("--to " + to + " is not after --from " + from);
    }
    return end;
  }
}
