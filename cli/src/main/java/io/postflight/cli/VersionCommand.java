package io.postflight.cli;

import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.JsonLines;
import io.postflight.cli.output.Surroundings;
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

  private final Surroundings surroundings;

  VersionCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    String java = System.getProperty("java.version");
    if (json) {
      new JsonLines(surroundings.out())
          .print(node -> node.put("version", Version.current()).put("java", java));
    } else {
      surroundings.out().println("postflight " + Version.current() + " (Java " + java + ")");
    }
    return ExitCodes.DONE;
  }
}
