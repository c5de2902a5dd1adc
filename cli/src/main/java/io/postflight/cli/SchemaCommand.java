package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns schema. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Compares and applies the CQL schemas of the tiers.")
final class SchemaCommand {}
