package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns the recovery of a tier. */
@Command(
    name = "recovery",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Starts and finishes the recovery of a tier from backups.")
final class TiersRecoveryCommand {}
