package io.postflight.faults;

import static org.awaitility.Awaitility.await;

import io.postflight.demo.embedded.Endpoints;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An embedded stack in a child process, which may be killed. */
final class ChildStack implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);
  private static final long KIBI = 1024;
  private static final String TEMPORARY = "child-tmp";

  private final Path directory;
  private final Process process;
  private final Endpoints endpoints;

  private ChildStack(Path directory, Process process, Endpoints endpoints) {
    this.directory = directory;
    this.process = process;
    this.endpoints = endpoints;
  }

  /** Starts it on a new or existing directory; returns when it is ready. */
  static ChildStack start(Path directory) throws IOException {
    Path data = directory.resolve("data");
    Path file = data.resolve(Endpoints.FILE);
    Files.createDirectories(directory);
    Files.deleteIfExists(file);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve(TEMPORARY)),
                "-Dpostflight.root=" + System.getProperty("postflight.root"),
                "-cp",
                System.getProperty("java.class.path"),
                StackProcess.class.getName(),
                data.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(new File(directory.toFile(), "child.log")))
            .start();
    try {
      await()
          .atMost(START)
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                if (!process.isAlive()) {
                  throw new IllegalStateException(
                      "the stack ended: " + Files.readString(directory.resolve("child.log")));
                }
                return Files.exists(file);
              });
      return new ChildStack(directory, process, Endpoints.read(file));
    } catch (RuntimeException | IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  Endpoints endpoints() {
    return endpoints;
  }

  /** Peak memory of the process without its CQL server, mebibytes. */
  long peakMebibytes() throws IOException {
    List<String> status = Files.readAllLines(Path.of("/proc", process.pid() + "", "status"));
    return status.stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / KIBI)
        .findFirst()
        .orElse(0);
  }

  /** Kills it (SIGKILL) and starts another on its data. */
  ChildStack killAndRestart() throws IOException, InterruptedException {
    kill();
    return start(directory);
  }

  private void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Its temporary directory, shared with the processes killed before. */
  Path temporary() {
    return directory.resolve(TEMPORARY);
  }

  /** Nothing needs to be kept. */
  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
