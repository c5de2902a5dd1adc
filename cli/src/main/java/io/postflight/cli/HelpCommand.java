package io.postflight.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Shows the help of a command at any depth; picocli's own goes one level deep. */
@Command(
    name = "help",
    mixinStandardHelpOptions = true,
    description = "Shows the help of a command, such as 'help dead-letters redrive'.")
final class HelpCommand implements Runnable {
  @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "The command.")
  List<String> path = List.of();

  private @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    CommandLine line = spec.root().commandLine();
    for (String name : path) {
      CommandLine next = line.getSubcommands().get(name);
      if (next == null && !line.getCommandSpec().positionalParameters().isEmpty()) {
        break; // the help of a command covers its arguments, as of 'bench sink'
      }
      if (next == null) {
        throw new UnmatchedArgumentException(line, List.of(name));
      }
      line = next;
    }
    line.usage(line.getOut());
  }
}
