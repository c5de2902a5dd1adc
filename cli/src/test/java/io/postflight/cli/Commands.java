package io.postflight.cli;

import io.postflight.schema.settings.RecordCopy;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** All commands there are, as the parser knows them: so that no test forgets a new one. */
final class Commands {
  /** Options of every command, and what the parser gives each. */
  private static final Set<String> EVERYWHERE =
      Set.of("--config", "--set", "--quiet", "--debug", "--help", "--version");

  private static final Map<String, String> DUMMIES =
      Map.of("--tier", "30d", "--from", "1h", "--provider", "events", "--message", "m-1");

  private Commands() {}

  /** Commands without subcommands, sorted by name. */
  static List<CommandSpec> leaves() {
    return all().stream()
        .filter(command -> command.subcommands().isEmpty() && !name(command).equals("help"))
        .toList();
  }

  /** All commands, sorted by name. */
  static List<CommandSpec> all() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Map<String, CommandSpec> found = new TreeMap<>();
    collect(
        Postflight.commands(
            RecordCopy.with(
                CommandEnvironment.ofProcess(),
                Map.of(
                    "in", InputStream.nullInputStream(),
                    "out", nowhere,
                    "err", nowhere,
                    "variables", Map.of(),
                    "workingDirectory", Path.of("/nowhere"),
                    "home", Path.of("/nowhere")))),
        found);
    return List.copyOf(found.values());
  }

  /** Name of a command with those above it, such as {@code message show}. */
  static String name(CommandSpec command) {
    return command.qualifiedName().replaceFirst("postflight ?", "");
  }

  /** Whether a command has an option. */
  static boolean has(CommandSpec command, String option) {
    return command.findOption(option) != null;
  }

  /** The options of a command that not every command has, sorted. */
  static Set<String> options(CommandSpec command) {
    Set<String> names = new TreeSet<>();
    command.options().forEach(option -> names.add(option.longestName()));
    names.removeAll(EVERYWHERE);
    return names;
  }

  /** A command line with what the command needs, but for the tenant. */
  static String withDummies(CommandSpec command) {
    List<String> line = new ArrayList<>(List.of(name(command)));
    Set<OptionSpec> grouped = new java.util.HashSet<>();
    for (ArgGroupSpec group : command.argGroups()) {
      grouped.addAll(group.allOptionsNested());
      if (group.multiplicity().min() > 0) {
        add(group.options().get(0), line);
      }
    }
    for (OptionSpec option :
        command.requiredArgs().stream()
            .filter(OptionSpec.class::isInstance)
            .map(OptionSpec.class::cast)
            .toList()) {
      if (!grouped.contains(option) && !option.longestName().equals("--tenant")) {
        add(option, line);
      }
    }
    if (has(command, "--resume")) {
      line.add("--from 1h");
    }
    if (command.positionalParameters().stream().anyMatch(each -> each.arity().min() > 0)) {
      line.add("dummy");
    }
    return String.join(" ", line);
  }

  private static void add(OptionSpec option, List<String> line) {
    line.add(option.longestName());
    line.add(DUMMIES.getOrDefault(option.longestName(), "1"));
  }

  private static void collect(CommandLine line, Map<String, CommandSpec> found) {
    found.put(name(line.getCommandSpec()), line.getCommandSpec());
    line.getSubcommands().values().forEach(each -> collect(each, found));
  }
}
