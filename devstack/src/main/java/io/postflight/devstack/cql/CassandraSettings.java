package io.postflight.devstack.cql;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Settings of a node.
 *
 * @param dataDirectory contains all files of the node: data, commit log, configuration, log,
 *     process id
 * @param libraryDirectory the jars of the server, and no others
 * @param network its addresses and ports
 * @param server how its process runs
 */
public record CassandraSettings(
    Path dataDirectory, Path libraryDirectory, Network network, Server server) {
  /** The loopback address that a single node listens on. */
  public static final String LOOPBACK = "127.0.0.1";

  private static final int DEFAULT_HEAP_MEGABYTES = 512;

  /** Makes directories absolute. */
  public CassandraSettings {
    dataDirectory = dataDirectory.toAbsolutePath().normalize();
    libraryDirectory = libraryDirectory.toAbsolutePath().normalize();
  }

  /**
   * Addresses and ports of a node.
   *
   * @param address loopback address that the node listens on
   * @param seed address of the node to join; its own address for a single node
   * @param ports its ports; 0: the port of the last start if it is free, else any. That between
   *     nodes is the same for all nodes of a cluster.
   * @param initialToken the node's token; empty: chosen by the node
   */
  public record Network(
      String address, String seed, NodePorts ports, Optional<String> initialToken) {
    /** Whether the node joins no other. */
    boolean isSeed() {
      return address.equals(seed);
    }

    /** Validates. */
    public Network {
      for (int port : List.of(ports.cql(), ports.storage())) {
        if (port < 0 || port > 65_535) {
          throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
        }
      }
    }
  }

  /**
   * How the process of a node runs.
   *
   * @param heapMegabytes maximum heap of the child process, at least 128
   * @param lifetime how long it is to run
   * @param options keys and values of the top level of {@code cassandra.yaml}, which override the
   *     defaults
   */
  public record Server(int heapMegabytes, Lifetime lifetime, Map<String, String> options) {
    private static final Pattern OPTION = Pattern.compile("[a-z][a-z0-9_]*");

    /** Validates. */
    public Server {
      options = Map.copyOf(options);
      for (String option : options.keySet()) {
        if (!OPTION.matcher(option).matches()) {
          throw new IllegalArgumentException(
              "option '" + option + "' is not a key of cassandra.yaml; allowed is " + OPTION);
        }
      }
      if (heapMegabytes < 128) {
        throw new IllegalArgumentException(
            "heapMegabytes is " + heapMegabytes + ", must be at least 128");
      }
    }
  }

  /** How long a node is to run. */
  public enum Lifetime {
    /** Full throughput. */
    LONG,
    /** Half the CPU time to start, but less throughput. */
    SHORT,
    /** As SHORT, and the schema is not flushed at each change: a restart may lose it. */
    ONE_PROCESS
  }

  /** A single node on free ports with 512 MiB of heap and the given class path directory. */
  public static CassandraSettings of(Path dataDirectory, Path libraryDirectory) {
    return new CassandraSettings(
        dataDirectory,
        libraryDirectory,
        new Network(LOOPBACK, LOOPBACK, new NodePorts(0, 0), Optional.empty()),
        new Server(DEFAULT_HEAP_MEGABYTES, Lifetime.LONG, Map.of()));
  }

  /**
   * A single node with the jars in the build's output, below the directory given by the system
   * property {@code postflight.root}.
   *
   * @throws IllegalStateException if the property is not set
   */
  public static CassandraSettings of(Path dataDirectory) {
    String root = System.getProperty("postflight.root");
    if (root == null || root.isBlank()) {
      throw new IllegalStateException(
          "the system property postflight.root is not set; it names the repository's directory,"
              + " which contains the CQL server's jars in devstack/cassandra/target/lib");
    }
    return of(dataDirectory, Path.of(root, "devstack", "cassandra", "target", "lib"));
  }

  /** A copy with another data directory. */
  public CassandraSettings withDataDirectory(Path directory) {
    return new CassandraSettings(directory, libraryDirectory, network, server);
  }

  /** A copy with another maximum heap. */
  public CassandraSettings withHeapMegabytes(int megabytes) {
    return with(new Server(megabytes, server.lifetime(), server.options()));
  }

  /** A copy with other ports, 0 for any. */
  public CassandraSettings withPorts(int cql, int storage) {
    return with(
        new Network(
            network.address(),
            network.seed(),
            new NodePorts(cql, storage),
            network.initialToken()));
  }

  /** A copy that is a member of a ring. */
  public CassandraSettings inRing(String ownAddress, String seedAddress, String token) {
    return with(new Network(ownAddress, seedAddress, network.ports(), Optional.of(token)));
  }

  /** A copy for a short run, as in tests. */
  public CassandraSettings withQuickStart() {
    return with(new Server(server.heapMegabytes(), Lifetime.SHORT, server.options()));
  }

  /** A copy for a node that is never started again on its data. */
  public CassandraSettings withoutRestart() {
    return with(new Server(server.heapMegabytes(), Lifetime.ONE_PROCESS, server.options()));
  }

  /** A copy with an option of {@code cassandra.yaml}, such as {@code commit_failure_policy}. */
  public CassandraSettings withOption(String key, String value) {
    Map<String, String> all = new HashMap<>(server.options());
    all.put(key, value);
    return with(new Server(server.heapMegabytes(), server.lifetime(), all));
  }

  private CassandraSettings with(Network other) {
    return new CassandraSettings(dataDirectory, libraryDirectory, other, server);
  }

  private CassandraSettings with(Server other) {
    return new CassandraSettings(dataDirectory, libraryDirectory, network, other);
  }

  /**
   * A copy with authentication and authorization. Initially there is the superuser {@code
   * cassandra} with the password {@code cassandra}. Changes of permissions take effect within 100
   * ms.
   */
  public CassandraSettings withUsers() {
    return withOption("authenticator", "PasswordAuthenticator")
        .withOption("authorizer", "CassandraAuthorizer")
        .withOption("role_manager", "CassandraRoleManager")
        .withOption("permissions_validity", "100ms")
        .withOption("roles_validity", "100ms");
  }
}
