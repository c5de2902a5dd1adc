package io.postflight.devstack.cql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A CQL server on this machine: Apache Cassandra in a child process, with its own class path and a
 * Java 17.
 *
 * <p>An acknowledged write survives {@link #kill()}: the commit log is synced before each
 * acknowledgement. The child exits when this process exits, for any reason; an orphan on the same
 * data directory is terminated at the next start.
 *
 * <p>Not thread-safe.
 */
public final class EmbeddedCassandra implements AutoCloseable {
  /** Name of the data centre. */
  public static final String DATACENTER = "datacenter1";

  private static final Logger log = LoggerFactory.getLogger(EmbeddedCassandra.class);
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ORPHAN_TIMEOUT = Duration.ofSeconds(10);
  private static final int ATTEMPTS = 3;
  private static final int LOG_TAIL = 4_000;

  private final CassandraSettings settings;
  private final NodeFiles files;
  private Node node;
  private boolean paused;

  private EmbeddedCassandra(CassandraSettings settings) {
    this.settings = settings;
    this.files = new NodeFiles(settings);
    this.node = launch(settings, files);
  }

  /**
   * Starts a node with the defaults of {@link CassandraSettings#of(Path)}.
   *
   * @throws Java17MissingException if there is no Java 17
   */
  public static EmbeddedCassandra start(Path dataDirectory) {
    return start(CassandraSettings.of(dataDirectory));
  }

  /**
   * Starts a node and returns when it accepts clients, in three to eight seconds.
   *
   * @throws Java17MissingException if there is no Java 17
   * @throws IllegalStateException if the server's jars are missing or it does not start; the
   *     message ends with the last lines of its log
   */
  public static EmbeddedCassandra start(CassandraSettings settings) {
    return new EmbeddedCassandra(settings);
  }

  /** Address that the node listens on. */
  public String host() {
    return settings.network().address();
  }

  /** Port for CQL. */
  public int port() {
    return node.ports().cql();
  }

  /** Address for a driver's contact points. */
  public InetSocketAddress address() {
    return new InetSocketAddress(host(), port());
  }

  /** The node's data centre, for the driver. */
  public String datacenter() {
    return DATACENTER;
  }

  /** Process id of the child. */
  public long pid() {
    return node.process().pid();
  }

  /** Whether the child process is alive, paused or not. */
  public boolean running() {
    return node.process().isAlive();
  }

  /** Completes with the exit code once the child that runs now has ended, however it did. */
  public CompletableFuture<Integer> onExit() {
    return node.process().onExit().thenApply(Process::exitValue);
  }

  /** Suspends the child (SIGSTOP): connections stay open without responses. */
  public void pause() {
    signal("STOP");
    paused = true;
  }

  /** Resumes a paused child (SIGCONT). */
  public void resume() {
    signal("CONT");
    paused = false;
  }

  /** Kills the child (SIGKILL) and returns when it has exited. */
  public void kill() {
    node.process().destroyForcibly();
    awaitEnd(node.process(), STOP_TIMEOUT);
    paused = false;
    deleteProcessId();
  }

  /** Restarts the node with its data, on the same ports if they are free. */
  public void restart() {
    close();
    node = launch(settings, files);
  }

  /** Shuts the child down, or kills it if it does not exit within 30 s; its data is kept. */
  @Override
  public void close() {
    Process process = node.process();
    if (process.isAlive()) {
      if (paused) {
        resume();
      }
      try {
        process.getOutputStream().close();
      } catch (IOException alreadyClosed) {
        log.debug("the child's standard input was closed already", alreadyClosed);
      }
      if (!awaitEnd(process, STOP_TIMEOUT)) {
        log.warn("the CQL server {} does not stop, killing it", process.pid());
        process.destroyForcibly();
        awaitEnd(process, STOP_TIMEOUT);
      }
    }
    deleteProcessId();
  }

  /**
   * Flushes a keyspace's memtables and compacts each of its tables into one SSTable. This purges
   * tombstones after their gc grace period, and the data that they shadow.
   */
  public void flushAndCompact(String keyspace) {
    NodeControl.flushAndCompact(pid(), keyspace);
  }

  /**
   * Limits the disk size with the guardrail {@code data_disk_usage}: while more than 90 % of it are
   * in use, the node rejects all writes of users who are not superusers, but serves reads. The
   * usage is checked twice a second. Without {@link CassandraSettings#withUsers()} every user is a
   * superuser.
   *
   * @param mebibytes at most the real size of the disk
   */
  public void guardDisk(int mebibytes) {
    if (mebibytes < 1) {
      throw new IllegalArgumentException("mebibytes is " + mebibytes + ", must be at least 1");
    }
    NodeControl.guardDisk(pid(), mebibytes, 80, 90);
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
              .redirectErrorStream(true)
              .start();
      String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("cannot send SIG" + name + " to the CQL server: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run kill", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending SIG" + name, e);
    }
  }

  private void deleteProcessId() {
    try {
      Files.deleteIfExists(files.processId());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Node launch(CassandraSettings settings, NodeFiles files) {
    Path java = Java17.onThisMachine().command();
    requireJars(settings.libraryDirectory());
    try {
      Files.createDirectories(settings.dataDirectory());
      OrphanProcess.terminate(files.processId(), files.argumentFile(), ORPHAN_TIMEOUT);
      for (int attempt = 1; ; attempt++) {
        NodePorts ports = NodePorts.choose(settings, files.ports());
        Process process = spawn(java, files.write(ports), files, settings.dataDirectory());
        String failure =
            awaitReady(process, new InetSocketAddress(settings.network().address(), ports.cql()));
        if (failure == null) {
          return new Node(process, ports);
        }
        String logged = Files.exists(files.log()) ? Files.readString(files.log()) : "";
        boolean portInUse = reportsPortInUse(logged);
        // A node that exits without any log line was terminated from outside.
        if (attempt == ATTEMPTS || !(portInUse || logged.isBlank())) {
          throw new IllegalStateException(
              "the CQL server did not start: "
                  + failure
                  + "; the last lines of "
                  + files.log()
                  + ":\n"
                  + tail(logged));
        }
        if (portInUse) {
          log.info("a port of the CQL server is in use by now, trying other ports");
          Files.deleteIfExists(files.ports());
        } else {
          log.warn("the CQL server exited without a log line, starting it again: {}", failure);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot start the CQL server in " + settings.dataDirectory(), e);
    }
  }

  private static Process spawn(Path java, Path arguments, NodeFiles files, Path directory)
      throws IOException {
    Process process =
        withoutOurVariables(new ProcessBuilder(List.of(java.toString(), "@" + arguments)))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(files.log().toFile())
            .start();
    Files.writeString(files.processId(), Long.toString(process.pid()));
    return process;
  }

  /** Removes Postflight's variables, which may contain keys and passwords. */
  private static ProcessBuilder withoutOurVariables(ProcessBuilder process) {
    process.environment().keySet().removeIf(name -> name.startsWith("POSTFLIGHT_"));
    return process;
  }

  /**
   * Returns null once the node accepts clients, or the reason why it does not. An exit code above
   * 128 is a signal's: 137 is SIGKILL, which the kernel sends when memory is exhausted.
   */
  private static @Nullable String awaitReady(Process process, InetSocketAddress address) {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      if (awaitEnd(process, Duration.ofMillis(50))) {
        return "process " + process.pid() + " ended with exit code " + process.exitValue();
      }
      if (ReadyProbe.answers(address)) {
        return null;
      }
    }
    process.destroyForcibly();
    return "it did not answer within " + START_TIMEOUT.toSeconds() + " s";
  }

  private static boolean awaitEnd(Process process, Duration timeout) {
    try {
      return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the CQL server", e);
    }
  }

  private static void requireJars(Path directory) {
    boolean found = false;
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> jars =
          Files.newDirectoryStream(directory, "{cassandra,apache-cassandra}*.jar")) {
        found = jars.iterator().hasNext();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (!found) {
      throw new IllegalStateException(
          "the CQL server's jars are not in "
              + directory
              + "; in a source tree run 'mvn -pl devstack/cassandra generate-resources'");
    }
  }

  private static boolean reportsPortInUse(String logged) {
    return logged.contains("in use") || logged.contains("Failed to bind");
  }

  /** The end of a log, from its last error on: a node that fails logs much while it stops. */
  private static String tail(String logged) {
    int end = Math.max(0, logged.length() - LOG_TAIL);
    int error = logged.lastIndexOf(" ERROR ");
    int from = error < 0 ? end : Math.min(end, logged.lastIndexOf('\n', error) + 1);
    return logged.substring(from);
  }

  private record Node(Process process, NodePorts ports) {}
}
