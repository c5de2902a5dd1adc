package io.postflight.cli;

import io.postflight.demo.embedded.RunningStacks;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * The environment of a run of the command.
 *
 * @param in standard input
 * @param out standard output: results only
 * @param err standard error: errors and progress
 * @param terminal whether standard error is a terminal that can redraw a line
 * @param variables environment variables
 * @param workingDirectory base of relative paths
 * @param home directory of the distribution (or the repository)
 * @param clock the time
 */
record CommandEnvironment(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    Map<String, String> variables,
    Path workingDirectory,
    Path home,
    InstantSource clock) {

  /** The environment of this process. */
  static CommandEnvironment ofProcess() {
    return new CommandEnvironment(
        // FileInputStream.readAllBytes seeks, which pipes do not support.
        new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        Boolean.getBoolean("postflight.terminal"),
        System.getenv(),
        Path.of("").toAbsolutePath(),
        Path.of(System.getProperty("postflight.home", "")).toAbsolutePath(),
        InstantSource.system());
  }

  /** A path as given by the user. */
  Path resolve(Path path) {
    return workingDirectory.resolve(path).normalize();
  }

  /** The stacks that run on this machine. */
  RunningStacks stacks() {
    return new RunningStacks(variables, workingDirectory);
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** The value of an environment variable; empty: it is not set, or blank. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }
}
