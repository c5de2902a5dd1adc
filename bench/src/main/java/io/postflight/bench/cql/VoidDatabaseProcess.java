package io.postflight.bench.cql;

import io.postflight.devstack.process.ChildJvm;
import io.postflight.devstack.process.ParentConnection;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A {@link VoidDatabase} in a JVM of its own. It ends when this process does. */
public final class VoidDatabaseProcess implements AutoCloseable {
  private static final List<String> OPTIONS = List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC");

  private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

  private final ChildJvm child;
  private final int port;

  private VoidDatabaseProcess(ChildJvm child, int port) {
    this.child = child;
    this.port = port;
  }

  /**
   * Starts it, and returns when it listens.
   *
   * @param directory where it logs
   */
  public static VoidDatabaseProcess start(InetSocketAddress realServer, Path directory)
      throws InterruptedException {
    ChildJvm child =
        ChildJvm.start(
            new ChildJvm.Program(
                VoidDatabaseProcess.class,
                OPTIONS,
                List.of(realServer.getHostString(), Integer.toString(realServer.getPort())),
                directory.resolve("void-database.log")));
    try {
      return new VoidDatabaseProcess(child, Integer.parseInt(child.receive(START_TIMEOUT)));
    } catch (RuntimeException | InterruptedException e) {
      child.close();
      throw e;
    }
  }

  /** The port of the loopback address that it listens on. */
  public int port() {
    return port;
  }

  /** Process id. */
  public long pid() {
    return child.pid();
  }

  @Override
  public void close() {
    child.close();
  }

  /**
   * Runs it until the parent ends.
   *
   * @param arguments host and port of the real server
   */
  public static void main(String[] arguments) throws InterruptedException {
    ParentConnection parent = ParentConnection.open();
    InetSocketAddress real = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
    try (VoidDatabase database = VoidDatabase.start(real)) {
      parent.send(Integer.toString(database.address().getPort()));
      parent.receive();
    }
  }
}
