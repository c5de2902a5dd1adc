package io.postflight.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A range of a tier's topic by time, and the tenant whose rows are concerned. */
final class RangeOptions {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description =
          "Records appended to the tier's topic at or after this. RFC 3339, epoch milliseconds, or"
              + " relative (2h: that long ago).")
  Moment from = Moment.START;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Records appended before this (default: up to the current end).")
  @Nullable Moment to;

  @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's rows.")
  @Nullable String tenant;

  /** End of the range, epoch milliseconds; null: the current end. */
  @Nullable Long end() {
    return from.end("--from", "--to", to);
  }
}
