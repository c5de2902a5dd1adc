package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns the recovery of a tier. */
@Command(
    name = "recovery",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Begins and ends the recovery of a tier into which backups are loaded.")
final class TiersRecoveryCommand {}
