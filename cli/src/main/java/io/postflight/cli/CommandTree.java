package io.postflight.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The tree of all commands. */
final class CommandTree {
  private CommandTree() {}

  /** Adds all commands to the root. */
  static CommandLine of(Postflight root) {
    return new CommandLine(root)
        .addSubcommand(new DemoCommand())
        .addSubcommand(new DevCommand())
        .addSubcommand(new RunCommand())
        .addSubcommand(
            group("topics", "Compares and applies the configuration of topics.")
                .addSubcommand(new TopicsDiffCommand())
                .addSubcommand(new TopicsApplyCommand()))
        .addSubcommand(
            group("schema", "Compares and applies the CQL schemas of the tiers.")
                .addSubcommand(new SchemaDiffCommand())
                .addSubcommand(new SchemaApplyCommand()))
        .addSubcommand(
            group("tenants", "Lists, adds and changes tenants.")
                .addSubcommand(new TenantsListCommand())
                .addSubcommand(new TenantsShowCommand())
                .addSubcommand(new TenantsApplyCommand())
                .addSubcommand(new TenantsAddCommand()))
        .addSubcommand(
            group("keys", "Creates and revokes API keys of tenants.")
                .addSubcommand(new KeysCreateCommand())
                .addSubcommand(new KeysRotateCommand())
                .addSubcommand(new KeysRevokeCommand()))
        .addSubcommand(new DoctorCommand())
        .addSubcommand(new NormalizeCommand())
        .addSubcommand(new IngestCommand())
        .addSubcommand(
            group("webhook", "Checks webhook signatures.").addSubcommand(new WebhookCheckCommand()))
        .addSubcommand(
            group("message", "Reads messages.")
                .addSubcommand(new MessageShowCommand())
                .addSubcommand(new MessageExplainCommand()))
        .addSubcommand(
            group("timeline", "Reads the history of users.")
                .addSubcommand(new TimelineShowCommand()))
        .addSubcommand(
            group("identity", "Reads the ids of persons.").addSubcommand(new IdentityShowCommand()))
        .addSubcommand(
            group("dead-letters", "Lists and redrives dead letters.")
                .addSubcommand(new DeadLettersListCommand())
                .addSubcommand(new DeadLettersShowCommand())
                .addSubcommand(new DeadLettersRedriveCommand()))
        .addSubcommand(new EraseCommand())
        .addSubcommand(new RestoreCommand())
        .addSubcommand(new VerifyCommand())
        .addSubcommand(
            group("tiers", "Lists tiers, and recovers one whose keyspace was lost.")
                .addSubcommand(new TiersListCommand())
                .addSubcommand(
                    group("recovery", "Starts and finishes the recovery of a tier from backups.")
                        .addSubcommand(new TiersRecoveryStartCommand())
                        .addSubcommand(new TiersRecoveryFinishCommand())))
        .addSubcommand(new DrillCommand())
        .addSubcommand(new BenchCommand())
        .addSubcommand(new VersionCommand())
        .addSubcommand(new HelpCommand());
  }

  private static CommandLine group(String name, String description) {
    CommandSpec group = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    group.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
    return new CommandLine(group);
  }
}
