package io.postflight.cli;

import io.postflight.cli.output.CommandEnvironment;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** All commands, as they stand below each other. */
final class CommandTree {
  private CommandTree() {}

  /** Adds all commands to the root. */
  static CommandLine of(Postflight root, CommandEnvironment environment) {
    GlobalOptions global = root.global;
    CommandLine line = new CommandLine(root);
    line.addSubcommand("demo", new DemoCommand(global, environment));
    line.addSubcommand("dev", new DevCommand(global, environment));
    line.addSubcommand("run", new RunCommand(global, environment));
    line.addSubcommand(
        "topics",
        group("Compares and applies the configuration of topics.")
            .addSubcommand("diff", new TopicsDiffCommand(global, environment))
            .addSubcommand("apply", new TopicsApplyCommand(global, environment)));
    line.addSubcommand(
        "schema",
        group("Compares and applies the CQL schemas of the tiers.")
            .addSubcommand("diff", new SchemaDiffCommand(global, environment))
            .addSubcommand("apply", new SchemaApplyCommand(global, environment)));
    line.addSubcommand(
        "tenants",
        group("Lists, adds and changes tenants.")
            .addSubcommand("list", new TenantsListCommand(global, environment))
            .addSubcommand("show", new TenantsShowCommand(global, environment))
            .addSubcommand("apply", new TenantsApplyCommand(global, environment))
            .addSubcommand("add", new TenantsAddCommand(global, environment)));
    line.addSubcommand(
        "keys",
        group("Creates and revokes API keys of tenants.")
            .addSubcommand("create", new KeysCreateCommand(global, environment))
            .addSubcommand("rotate", new KeysRotateCommand(global, environment))
            .addSubcommand("revoke", new KeysRevokeCommand(global, environment)));
    line.addSubcommand("doctor", new DoctorCommand(global, environment));
    line.addSubcommand("normalize", new NormalizeCommand(environment));
    line.addSubcommand("ingest", new IngestCommand(global, environment));
    line.addSubcommand(
        "webhook",
        group("Checks webhook signatures.")
            .addSubcommand("check", new WebhookCheckCommand(environment)));
    line.addSubcommand(
        "message",
        group("Reads messages.")
            .addSubcommand("show", new MessageShowCommand(global, environment)));
    line.addSubcommand(
        "timeline",
        group("Reads the history of users.")
            .addSubcommand("show", new TimelineShowCommand(global, environment)));
    line.addSubcommand(
        "dead-letters",
        group("Lists and redrives dead letters.")
            .addSubcommand("list", new DeadLettersListCommand(global, environment))
            .addSubcommand("show", new DeadLettersShowCommand(global, environment))
            .addSubcommand("redrive", new DeadLettersRedriveCommand(global, environment)));
    line.addSubcommand("erase", new EraseCommand(global, environment));
    line.addSubcommand("restore", new RestoreCommand(global, environment));
    line.addSubcommand("verify", new VerifyCommand(global, environment));
    line.addSubcommand(
        "tiers",
        group("Lists tiers, and recovers one whose keyspace was lost.")
            .addSubcommand("list", new TiersListCommand(global, environment))
            .addSubcommand(
                "recovery",
                group("Starts and finishes the recovery of a tier from backups.")
                    .addSubcommand("start", new TiersRecoveryStartCommand(global, environment))
                    .addSubcommand("finish", new TiersRecoveryFinishCommand(global, environment))));
    line.addSubcommand("drill", new DrillCommand(global, environment));
    line.addSubcommand("version", new VersionCommand(environment));
    line.addSubcommand("help", new HelpCommand());
    return line;
  }

  private static CommandLine group(String description) {
    CommandSpec group = CommandSpec.create().mixinStandardHelpOptions(true);
    group.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
    return new CommandLine(group);
  }
}
