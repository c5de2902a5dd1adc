package io.postflight.devstack.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A main class that runs in a JVM of its own with the class path of this one. It has a line of text
 * each way, see {@link ParentConnection}; what it prints itself goes to a log. It ends when this
 * process does, however that ends.
 *
 * <p>Not thread-safe.
 */
public final class ChildJvm implements AutoCloseable {
  /** System properties that the child gets too: where the servers' libraries are. */
  private static final List<String> INHERITED =
      List.of("postflight.root", "postflight.libraries", "java.library.path");

  private static final long STOP_SECONDS = 30;
  private static final int LOG_LINES = 20;

  private final String name;
  private final Process process;
  private final Path log;
  private final BlockingQueue<Optional<String>> received = new LinkedBlockingQueue<>();
  private final BufferedWriter toChild;

  private ChildJvm(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.toChild = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "child-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * What to run.
   *
   * @param main the main class
   * @param options of the JVM
   * @param arguments of the main class
   * @param log file for what it prints
   */
  public record Program(Class<?> main, List<String> options, List<String> arguments, Path log) {
    /** Copies the lists. */
    public Program {
      options = List.copyOf(options);
      arguments = List.copyOf(arguments);
    }
  }

  /** Starts a child; returns before it is ready. */
  public static ChildJvm start(Program program) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(program.options());
    for (String property : INHERITED) {
      String value = System.getProperty(property, "");
      if (!value.isEmpty()) {
        command.add("-D" + property + '=' + value);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(program.main().getName());
    command.addAll(program.arguments());
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(program.log().toFile()))
              .start();
      return new ChildJvm(program.main().getSimpleName(), process, program.log());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + program.main().getName(), e);
    }
  }

  /** Process id. */
  public long pid() {
    return process.pid();
  }

  /** Sends a line. */
  public void send(String line) {
    try {
      toChild.write(line);
      toChild.newLine();
      toChild.flush();
    } catch (IOException ended) {
      throw new IllegalStateException(failure(), ended);
    }
  }

  /**
   * The next line that the child sends, awaited.
   *
   * @throws IllegalStateException if there is none in time, or the child ends without one; the
   *     message has the end of its log
   */
  public String receive(Duration timeout) throws InterruptedException {
    Optional<String> line = received.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (line == null) {
      throw new IllegalStateException(failure());
    }
    if (line.isEmpty()) {
      received.add(line); // for the next caller
      throw new IllegalStateException(failure());
    }
    return line.get();
  }

  /** Ends the child. */
  @Override
  public void close() {
    try {
      toChild.close();
    } catch (IOException ended) {
      // It has no input to be closed.
    }
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(ParentConnection.MARK)) {
          received.add(Optional.of(line.substring(ParentConnection.MARK.length())));
        }
      }
    } catch (IOException ended) {
      // As at the end of its output.
    }
    received.add(Optional.empty());
  }

  private String failure() {
    String end = process.isAlive() ? "does not respond" : "ended with " + process.exitValue();
    return name + ", process " + process.pid() + ", " + end + "; its log ends with:\n" + logTail();
  }

  private String logTail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException unreadable) {
      return "(" + log + " cannot be read)";
    }
  }
}
