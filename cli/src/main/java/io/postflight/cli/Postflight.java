package io.postflight.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command itself, with all subcommands. */
@Command(
    name = "postflight",
    versionProvider = BuildVersion.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "An event store for messaging platforms: ingests message webhooks, tracks every message"
          + " through its lifecycle, and stores its history.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Getting started:",
      "  postflight demo            runs a demonstration on embedded servers",
      "  postflight dev             runs a local stack for development",
      "  postflight help COMMAND    shows a command with examples",
      "In a clone it is ./postflight, in an unpacked archive bin/postflight.",
      "",
      "Exit codes: 0 done; 1 negative result; 2 usage or configuration error;",
      "3 a required server is unreachable; 130 interrupted; 143 stopped by SIGTERM."
    })
public final class Postflight {
  @Mixin final GlobalOptions global;

  private Postflight(CommandEnvironment environment) {
    global = new GlobalOptions(environment);
  }

  /** Runs the command and ends the process. */
  public static void main(String[] arguments) {
    System.exit(run(CommandEnvironment.ofProcess(), List.of(arguments)));
  }

  /**
   * Runs the command.
   *
   * @return the exit code
   */
  static int run(CommandEnvironment environment, List<String> arguments) {
    int code =
        commands(environment)
            .execute(
                arguments.isEmpty() ? new String[] {"--help"} : arguments.toArray(String[]::new));
    environment.out().flush();
    environment.err().flush();
    return code;
  }

  /** All commands. */
  static CommandLine commands(CommandEnvironment environment) {
    Postflight postflight = new Postflight(environment);
    CommandLine line = CommandTree.of(postflight);
    new Execution(postflight.global).configure(line);
    return line;
  }
}
