package io.postflight.cli;

import io.postflight.demo.embedded.AnnouncedStack;
import io.postflight.demo.embedded.DataDirectory;
import io.postflight.demo.embedded.EmbeddedLauncher;
import io.postflight.demo.embedded.EmbeddedServers;
import io.postflight.demo.embedded.EmbeddedStack;
import io.postflight.operations.OperationException;
import io.postflight.runtime.Shutdown;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A command that runs an embedded stack. */
abstract class StackCommand extends Subcommand implements SettingsAware {
  /** Refuses the command if the embedded servers are missing. */
  static void requireServers(String command) {
    if (!EmbeddedServers.areAvailable()) {
      throw OperationException.usage(
          command
              + " needs the embedded servers, which are in postflight-dev-"
              + BuildVersion.current()
              + ".tar.gz only");
    }
  }

  /** Refuses settings that an embedded stack determines itself. */
  static void refuseServers(String command, GlobalOptions global) {
    global.refuseServers(
        command + " starts its own servers, in its data directory",
        "kafka.replication",
        "topology.stateDir",
        "sink.stateDir");
  }

  /** Refuses a setting whose option is given. */
  final void refuseBeside(String option, @Nullable Object given, String key) {
    if (given != null) {
      global().refuseServers(option + " is given", key);
    }
  }

  /** Starts embedded stacks. */
  static EmbeddedLauncher launcher(GlobalOptions global) {
    return new EmbeddedLauncher(global.debug, global.environment.err());
  }

  /** Lets other commands discover a stack until the result is closed. */
  final AnnouncedStack announce(EmbeddedStack stack, DataDirectory data) throws IOException {
    return AnnouncedStack.of(stack.endpoints(), data, environment().stacks());
  }

  /**
   * Keeps the stack running until a stop is requested.
   *
   * @return the exit code: the CQL server may end before, which is reported immediately
   */
  final int awaitEnd(EmbeddedStack stack, DataDirectory data, Shutdown shutdown) {
    Optional<String> fault = shutdown.await(stack.cqlServerEnded());
    fault.ifPresent(
        what ->
            environment()
                .err()
                .println(
                    what
                        + ", so the stack stops; see "
                        + data.path().resolve("cassandra/cassandra.log")
                        + " (137: killed, such as by the kernel when memory is exhausted), and"
                        + " start again"));
    return fault.isPresent() ? ExitCodes.UNREACHABLE : ExitCodes.DONE;
  }
}
