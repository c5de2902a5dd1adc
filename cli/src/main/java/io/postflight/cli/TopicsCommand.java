package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns topics. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Compares and applies the configuration of topics.")
final class TopicsCommand {}
