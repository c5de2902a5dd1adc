package io.postflight.cli;

import io.postflight.replay.VerifySettings;
import java.time.Duration;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options of {@code verify}: range, rechecks, tolerance. */
final class VerifyOptions {
  @ArgGroup(exclusive = false, multiplicity = "1")
  RangeOptions range = new RangeOptions();

  @Within(most = 3_600)
  @Option(
      names = "--recheck-seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Delay before a differing row is checked again (default: ${DEFAULT-VALUE}).")
  int recheckSeconds;

  @Within(most = 1_000)
  @Option(
      names = "--rechecks",
      paramLabel = "N",
      defaultValue = "3",
      description = "Number of rechecks (default: ${DEFAULT-VALUE}).")
  int rechecks;

  @Within(most = 86_400)
  @Option(
      names = "--late-seconds",
      paramLabel = "N",
      defaultValue = "120",
      description =
          "Tolerated late expiry of a row: the time that a server was stopped, whose queued"
              + " writes were executed late (default: ${DEFAULT-VALUE}). Rows that expire more"
              + " than 5 s late are counted as late. 0: no tolerance.")
  int lateSeconds;

  /** The settings of the verification. */
  VerifySettings settings() {
    return VerifySettings.of(range.from.millis(), range.end())
        .withRechecks(rechecks, Duration.ofSeconds(recheckSeconds))
        .withLate(Duration.ofSeconds(lateSeconds))
        .ofTenant(range.tenant);
  }
}
