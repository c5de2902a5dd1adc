package io.postflight.cli;

import io.postflight.cli.output.Surroundings;
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
    int code = run(Surroundings.ofProcess(), List.of(arguments));
    System.exit(code);
  }

  /**
   * Runs the command.
   *
   * @return the exit code
   */
  public static int run(Surroundings surroundings, List<String> arguments) {
    Postflight postflight = new Postflight();
    CommandLine line = postflight.commandLine(surroundings);
    String[] given =
        arguments.isEmpty() ? new String[] {"--help"} : arguments.toArray(String[]::new);
    int code = line.execute(given);
    surroundings.out().flush();
    surroundings.err().flush();
    return code;
  }

  /** All commands. */
  static CommandLine commands(Surroundings surroundings) {
    return new Postflight().commandLine(surroundings);
  }

  private CommandLine commandLine(Surroundings surroundings) {
    CommandLine line = CommandTree.of(this, surroundings);
    new Execution(global).configure(line, surroundings);
    return line;
  }
}
