package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.replay.VerifySettings;
import java.time.Duration;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options of {@code verify}: range, rechecks, tolerance. */
final class VerifyOptions {
  private static final int MOST_SECONDS = 3_600;
  private static final int MOST_LATE_SECONDS = 86_400;

  @ArgGroup(exclusive = false, multiplicity = "1")
  RangeOptions range = new RangeOptions();

  @Option(
      names = "--recheck-seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Delay before a differing row is checked again (default: ${DEFAULT-VALUE}).")
  int recheckSeconds;

  @Option(
      names = "--rechecks",
      paramLabel = "N",
      defaultValue = "3",
      description = "Number of rechecks (default: ${DEFAULT-VALUE}).")
  int rechecks;

  @Option(
      names = "--late-seconds",
      paramLabel = "N",
      defaultValue = "120",
      description =
          "Tolerated late expiry of a row: the time that a server was stopped, whose queued"
              + " writes were executed late (default: ${DEFAULT-VALUE}). Rows that expire more"
              + " than 5 s late are counted as late. 0: no tolerance.")
  int lateSeconds;

  /**
   * The settings of the verification.
   *
   * @throws OperationException naming the option that has a value that is not allowed
   */
  VerifySettings settings() {
    Subcommand.requireWithin("--recheck-seconds", recheckSeconds, 0, MOST_SECONDS);
    Subcommand.requireWithin("--rechecks", rechecks, 0, 1_000);
    Subcommand.requireWithin("--late-seconds", lateSeconds, 0, MOST_LATE_SECONDS);
    return VerifySettings.of(range.from.millis(), range.end())
        .withRechecks(rechecks, Duration.ofSeconds(recheckSeconds))
        .withLate(Duration.ofSeconds(lateSeconds))
        .ofTenant(range.tenant);
  }
}
