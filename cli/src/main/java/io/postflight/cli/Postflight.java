package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command itself: puts the subcommands together and turns what goes wrong into exit codes. */
@Command(
    name = "postflight",
    versionProvider = Version.class,
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
      "",
      "Exit codes: 0 done; 1 negative result; 2 usage or configuration error;",
      "3 a required server is unreachable; 130 interrupted."
    })
public final class Postflight {
  @Mixin final GlobalOptions global = new GlobalOptions();

  private Postflight() {}

  /** Runs the command and ends the process. */
  public static void main(String[] arguments) {
    int code = run(CommandEnvironment.ofProcess(), List.of(arguments));
    System.exit(code);
  }

  /**
   * Runs the command.
   *
   * @return the exit code
   */
  public static int run(CommandEnvironment environment, List<String> arguments) {
    Postflight postflight = new Postflight();
    CommandLine line = postflight.commandLine(environment);
    String[] given =
        arguments.isEmpty() ? new String[] {"--help"} : arguments.toArray(String[]::new);
    int code = line.execute(given);
    environment.out().flush();
    environment.err().flush();
    return code;
  }

  /** All commands. */
  static CommandLine commands(CommandEnvironment environment) {
    return new Postflight().commandLine(environment);
  }

  private CommandLine commandLine(CommandEnvironment environment) {
    CommandLine line = CommandTree.of(this, environment);
    new Execution(global).configure(line, environment);
    return line;
  }
}
