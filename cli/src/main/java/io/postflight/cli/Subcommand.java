package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ConsoleProgress;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.demo.embedded.AnnouncedStack;
import io.postflight.demo.embedded.DataDirectory;
import io.postflight.demo.embedded.EmbeddedLauncher;
import io.postflight.demo.embedded.EmbeddedServers;
import io.postflight.demo.embedded.EmbeddedStack;
import io.postflight.demo.embedded.RunningStacks;
import io.postflight.operations.OperationException;
import io.postflight.operations.Progress;
import io.postflight.runtime.Shutdown;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A command that does something: what it is given, and where it shows what it has done. */
abstract class Subcommand implements Callable<Integer> {
  final GlobalOptions global;
  final CommandEnvironment environment;

  Subcommand(GlobalOptions global, CommandEnvironment environment) {
    this.global = global;
    this.environment = environment;
  }

  /** Progress on standard error, unless it is to be quiet. */
  Progress progress() {
    return new ConsoleProgress(environment, global.quiet);
  }

  /** Standard output. */
  PrintStream out() {
    return environment.out();
  }

  /** Prints a record as one line of JSON. */
  void printJson(Object value) {
    new JsonLines(out()).printValue(value);
  }

  /** Prints one field of something, below its name. */
  void printField(String name, String value) {
    out().printf("  %-22s %s%n", name, value);
  }

  /** Refuses a number that is not within its bounds. */
  static void requireWithin(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw OperationException.usage(
          option + " " + value + " is not allowed; allowed: " + least + " to " + most);
    }
  }

  /** Starts embedded stacks. */
  EmbeddedLauncher launcher() {
    return new EmbeddedLauncher(global.debug, environment.err());
  }

  /** Lets other commands find a stack until what is returned is closed. */
  AnnouncedStack announce(EmbeddedStack stack, DataDirectory data) throws IOException {
    return AnnouncedStack.of(
        stack.endpoints(),
        data,
        new RunningStacks(environment.variables(), environment.workingDirectory()));
  }

  /**
   * Keeps the stack running until the process is asked to end.
   *
   * @return the exit code: the CQL server may end before, which is reported at once
   */
  int awaitEnd(EmbeddedStack stack, DataDirectory data, Shutdown shutdown) {
    Optional<String> fault = shutdown.await(stack.cqlServerEnded());
    fault.ifPresent(
        what -> {
          environment
              .err()
              .println(
                  what
                      + ", so the stack stops; see "
                      + data.path().resolve("cassandra/cassandra.log")
                      + " (137: killed, such as by the kernel when memory is exhausted), and start"
                      + " again");
          environment.err().flush();
        });
    return fault.isPresent() ? ExitCodes.UNREACHABLE : ExitCodes.DONE;
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
}
