package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns records that could not be processed. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Looks at what could not be processed, and sends it back once that is mended.")
final class DeadLettersCommand {}
