package io.postflight.cli;

import io.postflight.cli.output.ExitCodes;
import io.postflight.cli.output.Surroundings;
import io.postflight.operations.OperationException;
import io.postflight.settings.ConfigurationException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command itself: puts the subcommands together and turns what goes wrong into exit codes. */
@Command(
    name = "postflight",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "An event store for messaging platforms: ingests message webhooks, tracks every message"
          + " through its lifecycle, and stores its history.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "Getting started:",
      "  postflight demo            runs a demonstration on embedded servers",
      "  postflight dev             runs a local stack for development",
      "  postflight help COMMAND    shows a command with examples",
      "",
      "Exit codes: 0 done; 1 negative result; 2 usage or configuration error;",
      "3 a required server is unreachable; 130 interrupted."
    })
public final class Postflight {
  /** Least width that the parser supports. */
  private static final int MIN_COLUMNS = 55;

  @Mixin final GlobalOptions global = new GlobalOptions();

  private Postflight() {}

  /** Runs the command and ends the process. */
  public static void main(String[] arguments) {
    int code = run(Surroundings.ofProcess(), List.of(arguments));
    System.exit(code);
  }

  /**
   * Runs the command.
   *
   * @return the exit code
   */
  public static int run(Surroundings surroundings, List<String> arguments) {
    Postflight postflight = new Postflight();
    CommandLine line = postflight.commandLine(surroundings);
    String[] given =
        arguments.isEmpty() ? new String[] {"--help"} : arguments.toArray(String[]::new);
    int code = line.execute(given);
    surroundings.out().flush();
    surroundings.err().flush();
    return code;
  }

  /** All commands. */
  static CommandLine commands(Surroundings surroundings) {
    return new Postflight().commandLine(surroundings);
  }

  private CommandLine commandLine(Surroundings surroundings) {
    CommandLine line = new CommandLine(this);
    line.addSubcommand("demo", new DemoCommand(global, surroundings));
    line.addSubcommand("dev", new DevCommand(global, surroundings));
    line.addSubcommand("run", new RunCommand(global, surroundings));
    line.addSubcommand(
        "topics",
        new CommandLine(new TopicsCommand())
            .addSubcommand("diff", new TopicsDiffCommand(global, surroundings))
            .addSubcommand("apply", new TopicsApplyCommand(global, surroundings)));
    line.addSubcommand(
        "schema",
        new CommandLine(new SchemaCommand())
            .addSubcommand("diff", new SchemaDiffCommand(global, surroundings))
            .addSubcommand("apply", new SchemaApplyCommand(global, surroundings)));
    line.addSubcommand(
        "tenants",
        new CommandLine(new TenantsCommand())
            .addSubcommand("list", new TenantsListCommand(global, surroundings))
            .addSubcommand("show", new TenantsShowCommand(global, surroundings))
            .addSubcommand("apply", new TenantsApplyCommand(global, surroundings))
            .addSubcommand("add", new TenantsAddCommand(global, surroundings)));
    line.addSubcommand(
        "keys",
        new CommandLine(new KeysCommand())
            .addSubcommand("create", new KeysCreateCommand(global, surroundings))
            .addSubcommand("rotate", new KeysRotateCommand(global, surroundings))
            .addSubcommand("revoke", new KeysRevokeCommand(global, surroundings)));
    line.addSubcommand("doctor", new DoctorCommand(global, surroundings));
    line.addSubcommand("normalize", new NormalizeCommand(surroundings));
    line.addSubcommand("ingest", new IngestCommand(global, surroundings));
    line.addSubcommand(
        "webhook",
        new CommandLine(new WebhookCommand())
            .addSubcommand("check", new WebhookCheckCommand(surroundings)));
    line.addSubcommand(
        "message",
        new CommandLine(new MessageCommand())
            .addSubcommand("show", new MessageShowCommand(global, surroundings)));
    line.addSubcommand(
        "timeline",
        new CommandLine(new TimelineCommand())
            .addSubcommand("show", new TimelineShowCommand(global, surroundings)));
    line.addSubcommand(
        "dead-letters",
        new CommandLine(new DeadLettersCommand())
            .addSubcommand("list", new DeadLettersListCommand(global, surroundings))
            .addSubcommand("show", new DeadLettersShowCommand(global, surroundings))
            .addSubcommand("redrive", new DeadLettersRedriveCommand(global, surroundings)));
    line.addSubcommand("erase", new EraseCommand(global, surroundings));
    line.addSubcommand("restore", new RestoreCommand(global, surroundings));
    line.addSubcommand("verify", new VerifyCommand(global, surroundings));
    line.addSubcommand(
        "tiers",
        new CommandLine(new TiersCommand())
            .addSubcommand("list", new TiersListCommand(global, surroundings))
            .addSubcommand(
                "recovery",
                new CommandLine(new TiersRecoveryCommand())
                    .addSubcommand("start", new TiersRecoveryStartCommand(global, surroundings))
                    .addSubcommand(
                        "finish", new TiersRecoveryFinishCommand(global, surroundings))));
    line.addSubcommand("drill", new DrillCommand(global, surroundings));
    line.addSubcommand("version", new VersionCommand(surroundings));
    line.addSubcommand("help", new HelpCommand());
    line.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    setWidth(line, surroundings);
    line.setExecutionStrategy(Postflight::executed);
    line.setParameterExceptionHandler((e, args) -> wrongUsage(e));
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
    return line;
  }

  /** Wraps help texts at {@code COLUMNS}, else at the terminal's width, else at 80. */
  private static void setWidth(CommandLine line, Surroundings surroundings) {
    String columns = surroundings.environment().getOrDefault("COLUMNS", "");
    if (columns.matches("[1-9][0-9]{1,2}")) {
      line.setUsageHelpWidth(Math.max(MIN_COLUMNS, Integer.parseInt(columns)));
    } else {
      line.setUsageHelpAutoWidth(surroundings.terminal());
    }
  }

  /** Rejects settings that a command does not read, so that they are not silently ignored. */
  private static int executed(ParseResult parsed) {
    ParseResult last = parsed;
    boolean given = false;
    while (true) {
      given |= last.hasMatchedOption("--config") || last.hasMatchedOption("--set");
      if (!last.hasSubcommand()) {
        break;
      }
      last = last.subcommand();
    }
    CommandSpec command = last.commandSpec();
    if (given && !readsSettings(command) && !last.isUsageHelpRequested()) {
      throw new ParameterException(
          command.commandLine(),
          "--config and --set would have no effect: the command has no settings");
    }
    return new RunLast().execute(parsed);
  }

  private static boolean readsSettings(CommandSpec command) {
    return command.userObject() instanceof ReadsSettings
        || command.mixins().values().stream()
            .anyMatch(mixin -> mixin.userObject() instanceof ReadsSettings);
  }

  private static int wrongUsage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      message += "; did you mean " + String.join(", ", unmatched.getSuggestions()) + "?";
    }
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + message + " (see '" + name + " --help')");
    return ExitCodes.USAGE;
  }

  private int failed(Exception e, CommandLine command) {
    if (global.debug) {
      e.printStackTrace(command.getErr());
    }
    String name = command.getCommandSpec().qualifiedName();
    if (e instanceof OperationException expected) {
      command.getErr().println(name + ": " + expected.getMessage());
      return ExitCodes.of(expected);
    }
    if (e instanceof ConfigurationException) {
      command.getErr().println(name + ": " + e.getMessage());
      return ExitCodes.USAGE;
    }
    String options = String.join(" ", Arrays.asList("--debug"));
    command
        .getErr()
        .println(
            name + ": " + oneLine(e) + " (internal error; " + options + " shows the stack trace)");
    return ExitCodes.BAD_ANSWER;
  }

  private static String oneLine(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getName() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}
