package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.operations.OperationException;
import io.postflight.replay.RateFile;
import io.postflight.replay.RestoreSettings;
import io.postflight.sink.SinkLimits;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code restore} writes, and how fast. */
final class RestoreOptions {
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Records appended to the tier's topic at or after this: when the backup was taken, or"
              + " earlier. RFC 3339, epoch milliseconds, or relative (26h: that long ago).")
  @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "Records appended before this (default: up to the current end).")
  @Nullable String to;

  @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant's rows.")
  @Nullable String tenant;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Maximum rows per second (default: unlimited).")
  long rate;

  @Option(
      names = "--rate-file",
      paramLabel = "FILE",
      description =
          "A file with the maximum rows per second, 0 for unlimited; read every second, so that"
              + " the rate can be changed during a restore. While it does not exist, --rate"
              + " applies.")
  @Nullable Path rateFile;

  @Option(names = "--dry-run", description = "Only counts rows, without writing.")
  boolean dryRun;

  @Option(
      names = "--resume",
      paramLabel = "ID",
      description = "Resumes the restore with this id and its original range.")
  @Nullable String resume;

  /**
   * The settings of the restore.
   *
   * @throws OperationException naming the option that has a value that is not allowed
   */
  RestoreSettings settings(CommandEnvironment environment) {
    if (rate < 0) {
      throw OperationException.usage(
          "--rate " + rate + " is not allowed; allowed: 0 (unlimited)" + " or more");
    }
    InstantSource clock = environment.clock();
    String id = resume == null ? newId(clock) : resume;
    try {
      return new RestoreSettings(id, range(clock), rate(environment), dryRun, SinkLimits.DEFAULT);
    } catch (IllegalArgumentException e) {
      throw OperationException.usage("restore: " + e.getMessage());
    }
  }

  private RestoreSettings.@Nullable Range range(InstantSource clock) {
    if (resume != null) {
      if (from != null || to != null || tenant != null || dryRun) {
        throw OperationException.usage(
            "--resume "
                + resume
                + " uses the original range; remove --from, --to, --tenant and --dry-run");
      }
      return null;
    }
    if (from == null) {
      throw OperationException.usage("--from is missing (or --resume, to continue a restore)");
    }
    long begin = CommandTimes.millis("--from", from, clock);
    return new RestoreSettings.Range(begin, CommandTimes.end(to, begin, from, clock), tenant);
  }

  private LongSupplier rate(CommandEnvironment environment) {
    return rateFile == null
        ? () -> rate
        : new RateFile(environment.resolve(rateFile), rate, System::nanoTime);
  }

  private static String newId(InstantSource clock) {
    return ID_TIME.format(clock.instant()) + '-' + UUID.randomUUID().toString().substring(0, 4);
  }
}
