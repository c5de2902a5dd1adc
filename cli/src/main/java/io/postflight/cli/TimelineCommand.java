package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns timelines of users. */
@Command(
    name = "timeline",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Reads the history of users.")
final class TimelineCommand {}
