package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns tiers. */
@Command(
    name = "tiers",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Lists tiers, and recovers one whose keyspace was lost.")
final class TiersCommand {}
