package io.postflight.cli;

import picocli.CommandLine.Command;

/** Groups what concerns webhooks. */
@Command(
    name = "webhook",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Checks webhook signatures.")
final class WebhookCommand {}
