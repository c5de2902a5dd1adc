package io.postflight.cli;

import io.postflight.cli.output.Surroundings;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** All commands, as they stand below each other. */
final class CommandTree {
  private CommandTree() {}

  /** Adds all commands to the root. */
  static CommandLine of(Postflight root, Surroundings surroundings) {
    GlobalOptions global = root.global;
    CommandLine line = new CommandLine(root);
    line.addSubcommand("demo", new DemoCommand(global, surroundings));
    line.addSubcommand("dev", new DevCommand(global, surroundings));
    line.addSubcommand("run", new RunCommand(global, surroundings));
    line.addSubcommand(
        "topics",
        group("Compares and applies the configuration of topics.")
            .addSubcommand("diff", new TopicsDiffCommand(global, surroundings))
            .addSubcommand("apply", new TopicsApplyCommand(global, surroundings)));
    line.addSubcommand(
        "schema",
        group("Compares and applies the CQL schemas of the tiers.")
            .addSubcommand("diff", new SchemaDiffCommand(global, surroundings))
            .addSubcommand("apply", new SchemaApplyCommand(global, surroundings)));
    line.addSubcommand(
        "tenants",
        group("Lists, adds and changes tenants.")
            .addSubcommand("list", new TenantsListCommand(global, surroundings))
            .addSubcommand("show", new TenantsShowCommand(global, surroundings))
            .addSubcommand("apply", new TenantsApplyCommand(global, surroundings))
            .addSubcommand("add", new TenantsAddCommand(global, surroundings)));
    line.addSubcommand(
        "keys",
        group("Creates and revokes API keys of tenants.")
            .addSubcommand("create", new KeysCreateCommand(global, surroundings))
            .addSubcommand("rotate", new KeysRotateCommand(global, surroundings))
            .addSubcommand("revoke", new KeysRevokeCommand(global, surroundings)));
    line.addSubcommand("doctor", new DoctorCommand(global, surroundings));
    line.addSubcommand("normalize", new NormalizeCommand(surroundings));
    line.addSubcommand("ingest", new IngestCommand(global, surroundings));
    line.addSubcommand(
        "webhook",
        group("Checks webhook signatures.")
            .addSubcommand("check", new WebhookCheckCommand(surroundings)));
    line.addSubcommand(
        "message",
        group("Reads messages.")
            .addSubcommand("show", new MessageShowCommand(global, surroundings)));
    line.addSubcommand(
        "timeline",
        group("Reads the history of users.")
            .addSubcommand("show", new TimelineShowCommand(global, surroundings)));
    line.addSubcommand(
        "dead-letters",
        group("Lists and redrives dead letters.")
            .addSubcommand("list", new DeadLettersListCommand(global, surroundings))
            .addSubcommand("show", new DeadLettersShowCommand(global, surroundings))
            .addSubcommand("redrive", new DeadLettersRedriveCommand(global, surroundings)));
    line.addSubcommand("erase", new EraseCommand(global, surroundings));
    line.addSubcommand("restore", new RestoreCommand(global, surroundings));
    line.addSubcommand("verify", new VerifyCommand(global, surroundings));
    line.addSubcommand(
        "tiers",
        group("Lists tiers, and recovers one whose keyspace was lost.")
            .addSubcommand("list", new TiersListCommand(global, surroundings))
            .addSubcommand(
                "recovery",
                group("Starts and finishes the recovery of a tier from backups.")
                    .addSubcommand("start", new TiersRecoveryStartCommand(global, surroundings))
                    .addSubcommand(
                        "finish", new TiersRecoveryFinishCommand(global, surroundings))));
    line.addSubcommand("drill", new DrillCommand(global, surroundings));
    line.addSubcommand("version", new VersionCommand(surroundings));
    line.addSubcommand("help", new HelpCommand());
    return line;
  }

  private static CommandLine group(String description) {
    CommandSpec group = CommandSpec.create().mixinStandardHelpOptions(true);
    group.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
    return new CommandLine(group);
  }
}
