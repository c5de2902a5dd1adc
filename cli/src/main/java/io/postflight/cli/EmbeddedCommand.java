package io.postflight.cli;

import io.postflight.cli.config.DeploymentSettings;
import io.postflight.cli.embedded.DataDirectory;
import io.postflight.cli.embedded.EmbeddedStack;
import io.postflight.cli.output.CommandException;
import io.postflight.cli.output.Logs;
import io.postflight.cli.output.Progress;
import io.postflight.cli.output.Surroundings;
import io.postflight.devstack.cql.Java17MissingException;
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
   * @throws CommandException saying what to do if it cannot start
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
    } catch (Java17MissingException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      if (global.debug) {
        e.printStackTrace(surroundings.err());
      }
      throw CommandException.unreachable(
          "the embedded stack did not start: " + firstLine(e) + "; its log is " + log, e);
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
      throw CommandException.usage(
          "port " + port + " is in use: stop what listens there, or give another with " + setting);
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
