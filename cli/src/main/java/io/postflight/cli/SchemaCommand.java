package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns schema. */
@Command(
    name = "schema",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Compares the tiers' CQL schemas with the configured ones, and makes them so.")
final class SchemaCommand {}
