package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns topics. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Compares Kafka's topics with the configured ones, and makes them so.")
final class TopicsCommand {}
