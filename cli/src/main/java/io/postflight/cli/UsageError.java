package io.postflight.cli;

import io.postflight.settings.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** One line that says what is wrong with a command line. */
final class UsageError {
  private static final Set<String> WHOLE_NUMBERS = Set.of("int", "long", "Integer", "Long");

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
    // An option that is missing may well be there, misspelt: the parser looks for missing ones
    // first.
    Optional<String> misspelt =
        e instanceof MissingParameterException
            ? unknownOption(arguments, command.getCommandSpec())
            : Optional.empty();
    if (misspelt.isPresent()) {
      return unknown(misspelt.get(), command);
    }
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (e.getArgSpec() instanceof OptionSpec option
        && e.getValue() != null
        && WHOLE_NUMBERS.contains(option.typeInfo().getClassSimpleName())) {
      return option.longestName()
          + ' '
          + e.getValue()
          + " is not a whole number ("
          + option.longestName()
          + ' '
          + option.paramLabel()
          + ": "
          + Ansi.OFF
              .string(String.join(" ", option.description()))
              .replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue()))
          + ')';
    }
    return message;
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
    return new ArrayList<>(
        command.options().stream()
            .filter(option -> !option.hidden())
            .map(OptionSpec::longestName)
            .toList());
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
