package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.replay.deadletter.DeadLetterFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that select dead letters. */
final class DeadLetterOptions {
  @Option(
      names = "--reason",
      split = ",",
      paramLabel = "R",
      description =
          "Only those that have this reason, such as UNKNOWN_STATUS, perhaps among others."
              + " Comma-separated or repeated.")
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
  @Nullable Moment from;

  @Option(names = "--to", paramLabel = "TIME", description = "Only those written before this time.")
  @Nullable Moment to;

  /**
   * The filter.
   *
   * @throws OperationException naming the option, its value and what is allowed
   */
  DeadLetterFilter filter() {
    try {
      return DeadLetterFilter.of(reasons, stage, tenant, provider);
    } catch (IllegalArgumentException e) {
      throw OperationException.usage("--" + e.getMessage());
    }
  }

  /** Start of the range, epoch milliseconds. */
  long from() {
    return from == null ? 0 : Math.max(0, from.millis());
  }

  /** End of the range, epoch milliseconds. */
  long to() {
    if (to != null && from != null && to.millis() <= from.millis()) {
      throw OperationException.usage("--to " + to.text() + " is not after --from " + from.text());
    }
    return to == null ? Long.MAX_VALUE : to.millis();
  }
}
