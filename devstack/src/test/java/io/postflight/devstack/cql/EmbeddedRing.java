package io.postflight.devstack.cql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Several nodes in one ring on this machine, for tests of node failures: each is a child process,
 * on 127.0.0.1, 127.0.0.2 and so on, with the same ports.
 *
 * <p>Linux accepts all addresses of 127.0.0.0/8; other systems require them to be configured.
 */
public final class EmbeddedRing implements AutoCloseable {
  private static final int MAX_NODES = 9;

  private final List<EmbeddedCassandra> nodes;

  private EmbeddedRing(List<EmbeddedCassandra> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /**
   * Starts the nodes one after the other; each joins the first.
   *
   * @param template common settings; each node uses a subdirectory of its data directory
   * @param count number of nodes, 1 to 9; each takes 0.6 to 0.8 GB
   */
  public static EmbeddedRing start(CassandraSettings template, int count) {
    if (count < 1 || count > MAX_NODES) {
      throw new IllegalArgumentException(
          "count is " + count + ", must be between 1 and " + MAX_NODES);
    }
    List<EmbeddedCassandra> nodes = new ArrayList<>();
    try {
      NodePorts ports = ports(template);
      for (int number = 1; number <= count; number++) {
        nodes.add(EmbeddedCassandra.start(node(template, ports, number, count)));
      }
      return new EmbeddedRing(nodes);
    } catch (RuntimeException e) {
      nodes.forEach(EmbeddedCassandra::kill);
      throw e;
    }
  }

  /** The nodes; the first is the seed. */
  public List<EmbeddedCassandra> nodes() {
    return nodes;
  }

  /** Kills all nodes. */
  public void kill() {
    nodes.forEach(EmbeddedCassandra::kill);
  }

  /** Shuts all nodes down. */
  @Override
  public void close() {
    nodes.forEach(EmbeddedCassandra::close);
  }

  private static NodePorts ports(CassandraSettings template) {
    try {
      Files.createDirectories(template.dataDirectory());
      return NodePorts.choose(template, template.dataDirectory().resolve("ports.properties"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot choose the ring's ports", e);
    }
  }

  private static CassandraSettings node(
      CassandraSettings template, NodePorts ports, int number, int count) {
    Path directory = template.dataDirectory().resolve("node" + number);
    return template
        .withDataDirectory(directory)
        .withPorts(ports.cql(), ports.storage())
        .inRing("127.0.0." + number, CassandraSettings.LOOPBACK, token(number - 1, count));
  }

  /** Evenly spaced over the range of 64 bits. */
  private static String token(int index, int count) {
    return BigInteger.ONE
        .shiftLeft(64)
        .multiply(BigInteger.valueOf(index))
        .divide(BigInteger.valueOf(count))
        .subtract(BigInteger.ONE.shiftLeft(63))
        .add(BigInteger.ONE)
        .toString();
  }
}
