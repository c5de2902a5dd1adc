package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says which version this is. */
@Command(
    name = "version",
    description = "Prints the version and the Java version.",
    mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  private final CommandEnvironment environment;

  VersionCommand(CommandEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    String java = System.getProperty("java.version");
    if (json) {
      new JsonLines(environment.out())
          .print(node -> node.put("version", Version.current()).put("java", java));
    } else {
      environment.out().println("postflight " + Version.current() + " (Java " + java + ")");
    }
    return ExitCodes.DONE;
  }
}
