package io.postflight.cli;

import io.postflight.cli.output.Surroundings;
import io.postflight.demo.embedded.DataDirectory;
import io.postflight.demo.embedded.EmbeddedServers;
import io.postflight.demo.embedded.EmbeddedStack;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.runtime.logging.Logs;
import io.postflight.settings.DeploymentSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What {@code dev} and {@code demo} have in common: how the embedded stack is started. */
final class EmbeddedCommand {
  private final GlobalOptions global;
  private final Surroundings surroundings;

  EmbeddedCommand(GlobalOptions global, Surroundings surroundings) {
    this.global = global;
    this.surroundings = surroundings;
  }

  /**
   * Starts the stack in a directory that this process holds.
   *
   * @throws OperationException saying what to do if it cannot start
   */
  EmbeddedStack start(
      DataDirectory directory, DeploymentSettings settings, boolean serversOnly, Progress progress)
      throws InterruptedException {
    Path log = log(directory);
    if (!global.debug) {
      Logs.toFile(log);
    } else {
      Logs.toStandardError();
    }
    try {
      return EmbeddedStack.start(
          new EmbeddedStack.Plan(settings, directory.path(), cqlLibraries(), serversOnly),
          progress);
    } catch (OperationException known) {
      throw known;
    } catch (RuntimeException e) {
      if (global.debug) {
        e.printStackTrace(surroundings.err());
      }
      throw OperationException.unreachable(
          "the embedded stack did not start: " + firstLine(e) + "; see its log, " + log, e);
    }
  }

  /** Refuses a command that needs the embedded servers where there are none. */
  static void requireServers(String command) {
    if (!EmbeddedServers.areAvailable()) {
      throw OperationException.usage(
          command
              + " needs the embedded servers, which are in postflight-dev-"
              + Version.current()
              + ".tar.gz only");
    }
  }

  static Path log(DataDirectory directory) {
    return directory.path().resolve("postflight.log");
  }

  /**
   * Refuses a port that is taken before anything is started.
   *
   * @param setting how the user gives another
   */
  void requireFree(String host, int port, String setting) {
    if (!isFree(host, port)) {
      throw OperationException.usage(
          "port "
              + port
              + " is in use: stop the process that uses it, or pass another port with "
              + setting);
    }
  }

  /** Whether a port can be listened on. */
  boolean isFree(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  private @Nullable Path cqlLibraries() {
    String libraries = System.getProperty("postflight.libraries", "");
    return libraries.isBlank() ? null : Path.of(libraries, "cassandra");
  }

  private static String firstLine(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getName() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}
