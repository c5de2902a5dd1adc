package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns records that could not be processed. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Lists and redrives dead letters.")
final class DeadLettersCommand {}
