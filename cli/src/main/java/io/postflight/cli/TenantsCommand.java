package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns tenants. */
@Command(
    name = "tenants",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Lists, adds and changes tenants.")
final class TenantsCommand {}
