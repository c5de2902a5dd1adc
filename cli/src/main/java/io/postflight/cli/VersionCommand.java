package io.postflight.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the version. */
@Command(
    name = "version",
    description = "Prints the version and the Java version.",
    mixinStandardHelpOptions = true)
final class VersionCommand extends Subcommand {
  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  private record VersionReport(String version, String java) {}

  @Override
  public Integer call() {
    show(
        new VersionReport(BuildVersion.current(), System.getProperty("java.version")),
        json,
        each -> out().println("postflight " + each.version() + " (Java " + each.java() + ")"));
    return ExitCodes.DONE;
  }
}
