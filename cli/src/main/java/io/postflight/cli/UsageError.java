package io.postflight.cli;

import io.postflight.api.http.Times;
import io.postflight.schema.text.NearestName;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Describes an invalid command line in one line. */
final class UsageError {
  private UsageError() {}

  /**
   * The line.
   *
   * @param arguments the whole command line
   */
  static String line(ParameterException e, List<String> arguments) {
    CommandLine command = e.getCommandLine();
    if (e instanceof UnmatchedArgumentException unmatched) {
      return unknown(unmatched.getUnmatched().get(0), command);
    }
    // A missing option may be present but misspelt: the parser reports missing options first.
    Optional<String> misspelt =
        e instanceof MissingParameterException
            ? unknownOption(arguments, command.getCommandSpec())
            : Optional.empty();
    if (misspelt.isPresent()) {
      return unknown(misspelt.get(), command);
    }
    if (e instanceof MissingParameterException missing) {
      boolean oneOf = missing.getMissing().stream().noneMatch(arg -> arg.group() == null);
      return missing.getMissing().stream()
          .filter(
              arg -> arg.required() && (oneOf || arg.group() == null || !arg.group().exclusive()))
          .map(arg -> arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel())
          .reduce((all, next) -> all + (oneOf ? " or " : ", ") + next)
          .map(names -> "missing: " + names)
          .orElseGet(() -> message(e));
    }
    return e.getArgSpec() instanceof OptionSpec option && e.getValue() != null
        ? wrongValue(option, e)
        : message(e);
  }

  private static String wrongValue(OptionSpec option, ParameterException e) {
    String given = option.longestName() + ' ' + e.getValue();
    return switch (option.typeInfo().getClassSimpleName()) {
      case "int", "long", "Integer", "Long" -> notAllowed(option, e.getValue());
      case "Moment" -> given + " is not a time; allowed: " + Times.ALLOWED;
      case "boolean" -> given + " is not allowed; the option has no value";
      default -> message(e);
    };
  }

  /** Refuses a number that is not {@link Within} its bounds. */
  static void requireWithin(OptionSpec option) {
    Within bounds = bounds(option);
    if (bounds != null && option.getValue() instanceof Number given) {
      if (given.longValue() < bounds.least() || given.longValue() > bounds.most()) {
        throw new ParameterException(
            option.command().commandLine(), notAllowed(option, given.toString()));
      }
    }
  }

  private static @Nullable Within bounds(OptionSpec option) {
    return option.userObject() instanceof Field field ? field.getAnnotation(Within.class) : null;
  }

  private static String notAllowed(OptionSpec option, String given) {
    Within bounds = bounds(option);
    return "%s %s is not %s; allowed: %s"
        .formatted(
            option.longestName(),
            given,
            given.matches("[+-]?[0-9]+") ? "allowed" : "a whole number",
            bounds == null ? "whole numbers" : bounds.least() + " to " + bounds.most());
  }

  private static String message(ParameterException e) {
    return String.valueOf(e.getMessage()).replaceFirst("^Error: ", "");
  }

  private static String unknown(String argument, CommandLine command) {
    String name = argument.startsWith("--") ? argument.split("=", 2)[0] : argument;
    Collection<String> known;
    String what;
    if (name.startsWith("-") && name.length() > 1) {
      what = "unknown option '" + name + '\'';
      known = longNames(command.getCommandSpec());
    } else if (!command.getSubcommands().isEmpty()) {
      String path = command.getCommandSpec().qualifiedName() + ' ' + name;
      what = "unknown command '" + path.substring(path.indexOf(' ') + 1) + '\'';
      known = command.getSubcommands().keySet();
    } else {
      return "'" + name + "' is one argument too many";
    }
    return what
        + NearestName.closeTo(name, known)
            .map(near -> "; did you mean " + near + '?')
            .orElse("; allowed: " + String.join(", ", known));
  }

  private static List<String> longNames(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .map(OptionSpec::longestName)
        .toList();
  }

  private static Optional<String> unknownOption(List<String> arguments, CommandSpec command) {
    return arguments.stream()
        .takeWhile(argument -> !argument.equals("--"))
        .filter(argument -> argument.startsWith("--"))
        .map(argument -> argument.split("=", 2)[0])
        .filter(name -> command.findOption(name) == null)
        .findFirst();
  }
}
