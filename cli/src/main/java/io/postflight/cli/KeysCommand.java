package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns keys. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Creates and revokes API keys of tenants.")
final class KeysCommand {}
