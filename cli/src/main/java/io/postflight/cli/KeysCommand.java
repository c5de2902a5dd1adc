package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns keys. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Makes and revokes the API keys of tenants.")
final class KeysCommand {}
