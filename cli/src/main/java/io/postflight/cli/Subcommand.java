package io.postflight.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.operations.Progress;
import io.postflight.runtime.logging.EscapedText;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that can be executed: its options, and its output. */
abstract class Subcommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** The options of every command. */
  final GlobalOptions global() {
    return ((Postflight) spec.root().userObject()).global;
  }

  final CommandEnvironment environment() {
    return global().environment;
  }

  /** Progress on standard error, unless {@code --quiet} is given. */
  final Progress progress() {
    return new ConsoleProgress(environment(), global().quiet);
  }

  /** Standard output. */
  final PrintStream out() {
    return environment().out();
  }

  /**
   * Prints a result.
   *
   * @param json as one line of JSON
   * @param text prints it human-readable otherwise
   */
  final <T> void show(T result, boolean json, Consumer<T> text) {
    if (json) {
      JsonLines.print(result, out());
    } else {
      text.accept(result);
    }
  }

  /**
   * Prints the fields of a JSON object, except the first (its id), nested objects and empty ones.
   */
  final void printFields(JsonNode object) {
    for (var field : object.properties().stream().skip(1).toList()) {
      JsonNode value = field.getValue();
      String text = value.isBoolean() ? value.asBoolean() ? "yes" : "" : value.asText("");
      if (value.isArray()) {
        text = value.valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
      }
      if (!text.isEmpty()) {
        printField(field.getKey(), text);
      }
    }
  }

  /** Prints a field of a result, below its name. */
  final void printField(String name, String value) {
    out().printf("  %-22s %s%n", name, EscapedText.of(value));
  }
}
