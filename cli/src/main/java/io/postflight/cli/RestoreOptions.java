package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.replay.RateFile;
import io.postflight.replay.RestoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options of {@code restore}: range, rate, dry run. */
final class RestoreOptions {
  private static final DateTimeFormatter ID_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  @ArgGroup(exclusive = false)
  @Nullable RangeOptions range;

  @Within(most = Integer.MAX_VALUE)
  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Maximum rows per second; 0 (default): unlimited.")
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
    String id = resume == null ? newId(environment.clock()) : resume;
    try {
      return new RestoreSettings(id, range(), rate(environment), dryRun);
    } catch (IllegalArgumentException e) {
      throw OperationException.usage("--resume: " + e.getMessage());
    }
  }

  private RestoreSettings.@Nullable ReplayRange range() {
    if (resume != null) {
      if (range != null || dryRun) {
        throw OperationException.usage(
            "--resume "
                + resume
                + " uses the original range; remove --from, --to, --tenant and --dry-run");
      }
      return null;
    }
    if (range == null) {
      throw OperationException.usage("--from is missing (or --resume, to continue a restore)");
    }
    return new RestoreSettings.ReplayRange(range.from.millis(), range.end(), range.tenant);
  }

  private LongSupplier rate(CommandEnvironment environment) {
    if (rateFile == null) {
      return () -> rate;
    }
    Path file = environment.resolve(rateFile);
    if (!Files.isDirectory(file.resolveSibling("."))) {
      throw OperationException.usage("--rate-file " + rateFile + ": its directory does not exist");
    }
    return new RateFile(file, rate, System::nanoTime);
  }

  private static String newId(InstantSource clock) {
    return ID_TIME.format(clock.instant()) + '-' + UUID.randomUUID().toString().substring(0, 4);
  }
}
