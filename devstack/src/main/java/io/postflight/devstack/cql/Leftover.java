package io.postflight.devstack.cql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child that outlived its parent on the same data directory: it may still be shutting down, or be
 * stopped by a signal. Two servers on one directory would ruin it, so the old one is ended first.
 */
final class Leftover {
  private static final Logger log = LoggerFactory.getLogger(Leftover.class);

  private Leftover() {}

  /** Waits for the old child to go by itself, then kills it; returns when there is none. */
  static void end(Path processIdFile, Path argumentFile, Duration patience) throws IOException {
    Optional<ProcessHandle> found = find(processIdFile, argumentFile);
    if (found.isPresent()) {
      ProcessHandle old = found.get();
      log.info("a CQL server of an earlier run (process {}) is still there; ending it", old.pid());
      if (!endsWithin(old, patience)) {
        old.destroyForcibly();
        if (!endsWithin(old, Duration.ofSeconds(30))) {
          throw new IOException(
              "process " + old.pid() + ", a CQL server of an earlier run, cannot be ended");
        }
      }
    }
    Files.deleteIfExists(processIdFile);
  }

  /** Only a process that was started with this node's arguments: ids are used again. */
  private static Optional<ProcessHandle> find(Path processIdFile, Path argumentFile)
      throws IOException {
    if (!Files.exists(processIdFile)) {
      return Optional.empty();
    }
    long id;
    try {
      id = Long.parseLong(Files.readString(processIdFile).strip());
    } catch (NumberFormatException torn) {
      return Optional.empty();
    }
    return ProcessHandle.of(id)
        .filter(
            process ->
                process
                    .info()
                    .commandLine()
                    .filter(line -> line.contains(argumentFile.toString()))
                    .isPresent());
  }

  private static boolean endsWithin(ProcessHandle process, Duration patience) {
    try {
      process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
