package io.postflight.cli;

import picocli.CommandLine.Option;

/** A command about one tier. */
abstract class TierCommand extends ServerCommand {
  @Option(names = "--tier", required = true, paramLabel = "T", description = "Which tier.")
  String tier = "";
}
