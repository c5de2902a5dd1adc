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
 * A child process that outlived its parent on the same data directory: it may still be shutting
 * down, or be suspended by a signal. Two servers would corrupt the directory, so the old process is
 * terminated first.
 */
final class OrphanProcess {
  private static final Logger log = LoggerFactory.getLogger(OrphanProcess.class);

  private OrphanProcess() {}

  /** Waits for the old process to exit, then kills it; returns when it is gone. */
  static void terminate(Path processIdFile, Path argumentFile, Duration timeout)
      throws IOException {
    Optional<ProcessHandle> found = find(processIdFile, argumentFile);
    if (found.isPresent()) {
      ProcessHandle old = found.get();
      log.info(
          "a CQL server of an earlier run (process {}) is still running; terminating it",
          old.pid());
      if (!exitsWithin(old, timeout)) {
        old.destroyForcibly();
        if (!exitsWithin(old, Duration.ofSeconds(30))) {
          throw new IOException(
              "process " + old.pid() + ", a CQL server of an earlier run, cannot be terminated");
        }
      }
    }
    Files.deleteIfExists(processIdFile);
  }

  /** Only a process that was started with this node's arguments, since process ids are reused. */
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

  private static boolean exitsWithin(ProcessHandle process, Duration timeout) {
    try {
      process.onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
