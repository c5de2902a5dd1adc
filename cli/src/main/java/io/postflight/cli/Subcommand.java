package io.postflight.cli;

import io.postflight.operations.Progress;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
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
}
