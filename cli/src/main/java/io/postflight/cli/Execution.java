package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.schema.text.EscapedText;
import io.postflight.settings.ConfigurationException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/** Executes commands; reports failures in one line and maps them to exit codes. */
final class Execution {
  /** Least width that the parser supports. */
  private static final int MIN_COLUMNS = 55;

  private final GlobalOptions global;

  Execution(GlobalOptions global) {
    this.global = global;
  }

  void configure(CommandLine line) {
    CommandEnvironment environment = global.environment;
    adaptHelp(line);
    line.setOut(new PrintWriter(environment.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(environment.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(Moment.class, text -> Moment.parse(text, environment.clock()));
    setWidth(line, environment);
    line.setExecutionStrategy(this::executed);
    line.setParameterExceptionHandler((e, args) -> wrongUsage(e, args));
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
  }

  /** Wraps help texts at {@code COLUMNS}, else at the terminal's width, else at 80. */
  private static void setWidth(CommandLine line, CommandEnvironment environment) {
    String columns = environment.variables().getOrDefault("COLUMNS", "");
    if (columns.matches("[1-9][0-9]{1,2}")) {
      line.setUsageHelpWidth(Math.max(MIN_COLUMNS, Integer.parseInt(columns)));
    } else {
      line.setUsageHelpAutoWidth(environment.terminal());
    }
  }

  /**
   * Rejects options without a value, such as one of unset shell variables, and settings that a
   * command does not read, so that nothing is silently ignored.
   */
  private int executed(ParseResult parsed) {
    ParseResult last = parsed;
    boolean given = false;
    for (CommandLine each : parsed.asCommandLineList()) {
      last = each.getParseResult();
      last.matchedOptions().forEach(Execution::requireValues);
      last.matchedOptions().forEach(UsageError::requireWithin);
      given |= last.hasMatchedOption("--config") || last.hasMatchedOption("--set");
    }
    CommandSpec command = last.commandSpec();
    if (given && !readsSettings(command) && !last.isUsageHelpRequested()) {
      throw new ParameterException(
          command.commandLine(),
          "--config and --set would have no effect: the command has no settings");
    }
    if (!last.isUsageHelpRequested() && !last.isVersionHelpRequested()) {
      if (command.userObject() == null) {
        String commands = String.join(", ", command.subcommands().keySet());
        throw new ParameterException(
            command.commandLine(), "missing: COMMAND; allowed: " + commands);
      }
      try {
        global.requireKnownVariables();
      } catch (ConfigurationException unknown) {
        throw new ExecutionException(
            command.commandLine(), String.valueOf(unknown.getMessage()), unknown);
      }
    }
    return new RunLast().execute(parsed);
  }

  private static void requireValues(OptionSpec option) {
    if (option.arity().max() == 0) {
      return;
    }
    for (String given : option.originalStringValues()) {
      String[] values =
          option.splitRegex().isEmpty()
              ? new String[] {given}
              : given.split(option.splitRegex(), -1);
      if (Arrays.stream(values).anyMatch(String::isBlank)) {
        throw new ParameterException(
            option.command().commandLine(),
            option.longestName() + " '" + given + "' has an empty value");
      }
    }
  }

  /**
   * Leaves {@code --config} and {@code --set} out of the help of commands that refuse them, and
   * does not wrap examples, which are to be pasted.
   */
  private static void adaptHelp(CommandLine command) {
    command.getSubcommands().values().forEach(Execution::adaptHelp);
    CommandSpec spec = command.getCommandSpec();
    command
        .getHelpSectionMap()
        .put(
            UsageMessageSpec.SECTION_KEY_FOOTER,
            help ->
                Arrays.stream(spec.usageMessage().footer())
                    .map(row -> row + System.lineSeparator())
                    .collect(Collectors.joining()));
    if (spec.parent() != null && !readsSettings(spec)) {
      for (String name : List.of("--config", "--set")) {
        OptionSpec option = spec.findOption(name);
        if (option != null) {
          spec.remove(option);
          spec.addOption(
              OptionSpec.builder(option).hidden(true).scopeType(ScopeType.LOCAL).build());
        }
      }
    }
  }

  private static boolean readsSettings(CommandSpec command) {
    return command.subcommands().values().stream()
            .anyMatch(below -> readsSettings(below.getCommandSpec()))
        || command.userObject() instanceof SettingsAware
        || command.mixins().values().stream()
            .anyMatch(mixin -> mixin.userObject() instanceof SettingsAware);
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help";
    print(command, UsageError.line(e, List.of(arguments)) + " (see '" + help + "')");
    return ExitCodes.USAGE;
  }

  private int failed(Exception e, CommandLine command) {
    if (global.debug) {
      e.printStackTrace(command.getErr());
    }
    if (e instanceof InterruptedException) {
      return failed(OperationException.interrupted(), command);
    }
    if (e instanceof OperationException expected) {
      print(command, (expected.ofParameter() ? "--" : "") + expected.getMessage());
      return ExitCodes.of(expected);
    }
    if (e instanceof ConfigurationException) {
      print(command, String.valueOf(e.getMessage()));
      return ExitCodes.USAGE;
    }
    print(command, oneLine(e) + " (internal error; --debug shows the stack trace)");
    return ExitCodes.NEGATIVE;
  }

  private static void print(CommandLine command, String error) {
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(EscapedText.of(name + ": " + error));
  }

  private static String oneLine(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getName() : e.getMessage();
    return message.lines().findFirst().orElse(message);
  }
}
