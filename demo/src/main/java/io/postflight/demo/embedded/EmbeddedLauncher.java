package io.postflight.demo.embedded;

import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.runtime.logging.Logs;
import io.postflight.settings.DeploymentSettings;
import java.io.PrintStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Starts embedded stacks, and reports failures in one line. */
public final class EmbeddedLauncher {
  private static final long BYTES_OF_MIB = 1L << 20;
  private static final long LEAST_FREE_MIB = 256;

  private final boolean debug;
  private final PrintStream err;

  /**
   * A launcher.
   *
   * @param debug logs to standard error instead of a file, and prints stack traces
   * @param err where stack traces are printed
   */
  public EmbeddedLauncher(boolean debug, PrintStream err) {
    this.debug = debug;
    this.err = err;
  }

  /**
   * Starts a stack in a directory that this process has locked.
   *
   * @throws OperationException saying what to do if it cannot start
   */
  public EmbeddedStack start(
      DataDirectory directory, DeploymentSettings settings, boolean serversOnly, Progress progress)
      throws InterruptedException {
    Path log = log(directory);
    // Log4j, of the embedded Kafka, cannot register its hook while this process is being stopped.
    System.setProperty("log4j2.shutdownHookEnabled", "false");
    if (debug) {
      Logs.toStandardError();
    } else {
      Logs.toFile(log);
    }
    try {
      return EmbeddedStack.start(
          new EmbeddedStack.Plan(settings, directory.path(), cqlLibraries(), serversOnly),
          progress);
    } catch (OperationException known) {
      throw known;
    } catch (RuntimeException e) {
      if (Thread.interrupted() || isInterrupt(e)) {
        throw new InterruptedException();
      }
      if (debug) {
        e.printStackTrace(err);
      }
      throw OperationException.unreachable(
          "the embedded stack did not start"
              + shortage(directory.path().toFile().getUsableSpace())
              + ": "
              + firstLine(e)
              + "; see its log, "
              + log,
          e);
    }
  }

  /** A reason that its servers do not always name; empty if there is enough space on the disk. */
  static String shortage(long free) {
    return free < LEAST_FREE_MIB * BYTES_OF_MIB
        ? " (only " + free / BYTES_OF_MIB + " MiB are free on the disk)"
        : "";
  }

  /** The log file of a stack. */
  public static Path log(DataDirectory directory) {
    return directory.path().resolve("postflight.log");
  }

  private static @Nullable Path cqlLibraries() {
    String libraries = System.getProperty("postflight.libraries", "");
    return libraries.isBlank() ? null : Path.of(libraries, "cassandra");
  }

  /** Whether a server was not started because this thread was interrupted. */
  private static boolean isInterrupt(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException || cause instanceof ClosedByInterruptException) {
        return true;
      }
    }
    return false;
  }

  private static String firstLine(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getName() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}
