package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns single messages. */
@Command(
    name = "message",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Reads messages.")
final class MessageCommand {}
