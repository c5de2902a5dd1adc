package io.postflight.devstack.cql;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a node lives and how large it may become.
 *
 * @param dataDirectory holds everything of the node: data, commit log, configuration, log, process
 *     id
 * @param libraryDirectory the jars of the server, and nothing else
 * @param address loopback address that the node listens on
 * @param seed address of the node to join; its own address for a node that stands alone
 * @param cqlPort wished port for CQL; 0: the one of the last start if it is free, else any
 * @param storagePort wished port between nodes; 0 as above. All nodes of a cluster share it.
 * @param initialToken the node's place in the ring; null: chosen by the node
 * @param heapMegabytes upper bound of the child's heap, at least 128
 * @param quickStart compile for a short life: half the processor time to start, a good part of the
 *     throughput later
 * @param options keys of the first level of {@code cassandra.yaml} with what is to stand behind
 *     them, instead of ours or besides
 */
public record CassandraSettings(
    Path dataDirectory,
    Path libraryDirectory,
    String address,
    String seed,
    int cqlPort,
    int storagePort,
    @Nullable String initialToken,
    int heapMegabytes,
    boolean quickStart,
    Map<String, String> options) {
  /** The loopback address that a single node listens on. */
  public static final String LOOPBACK = "127.0.0.1";

  private static final int DEFAULT_HEAP_MEGABYTES = 512;
  private static final Pattern OPTION = Pattern.compile("[a-z][a-z0-9_]*");

  /** Validates; directories are made absolute. */
  public CassandraSettings {
    dataDirectory = dataDirectory.toAbsolutePath().normalize();
    libraryDirectory = libraryDirectory.toAbsolutePath().normalize();
    options = Map.copyOf(options);
    for (String option : options.keySet()) {
      if (!OPTION.matcher(option).matches()) {
        throw new IllegalArgumentException(
            "option '" + option + "' is no key of cassandra.yaml; allowed is " + OPTION);
      }
    }
    if (heapMegabytes < 128) {
      throw new IllegalArgumentException(
          "heapMegabytes is " + heapMegabytes + ", must be at least 128");
    }
    for (int port : List.of(cqlPort, storagePort)) {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
      }
    }
  }

  /** A single node on free ports with 512 MiB of heap and the given class path directory. */
  public static CassandraSettings of(Path dataDirectory, Path libraryDirectory) {
    return new CassandraSettings(
        dataDirectory,
        libraryDirectory,
        LOOPBACK,
        LOOPBACK,
        0,
        0,
        null,
        DEFAULT_HEAP_MEGABYTES,
        false,
        Map.of());
  }

  /**
   * A single node whose jars stand where the build puts them, below the directory that the system
   * property {@code postflight.root} names.
   *
   * @throws IllegalStateException if the property is not set
   */
  public static CassandraSettings of(Path dataDirectory) {
    String root = System.getProperty("postflight.root");
    if (root == null || root.isBlank()) {
      throw new IllegalStateException(
          "the system property postflight.root is not set; it names the repository's directory,"
              + " below which the CQL server's jars stand in devstack/cassandra/target/lib");
    }
    return of(dataDirectory, Path.of(root, "devstack", "cassandra", "target", "lib"));
  }

  /** The same with its data elsewhere. */
  public CassandraSettings withDataDirectory(Path directory) {
    return new CassandraSettings(
        directory,
        libraryDirectory,
        address,
        seed,
        cqlPort,
        storagePort,
        initialToken,
        heapMegabytes,
        quickStart,
        options);
  }

  /** The same with another bound of the heap. */
  public CassandraSettings withHeapMegabytes(int megabytes) {
    return new CassandraSettings(
        dataDirectory,
        libraryDirectory,
        address,
        seed,
        cqlPort,
        storagePort,
        initialToken,
        megabytes,
        quickStart,
        options);
  }

  /** The same with wished ports, 0 for any. */
  public CassandraSettings withPorts(int cql, int storage) {
    return new CassandraSettings(
        dataDirectory,
        libraryDirectory,
        address,
        seed,
        cql,
        storage,
        initialToken,
        heapMegabytes,
        quickStart,
        options);
  }

  /** The same as a member of a ring. */
  public CassandraSettings inRing(String ownAddress, String seedAddress, String token) {
    return new CassandraSettings(
        dataDirectory,
        libraryDirectory,
        ownAddress,
        seedAddress,
        cqlPort,
        storagePort,
        token,
        heapMegabytes,
        quickStart,
        options);
  }

  /** The same, for a node that will not live long, as in tests. */
  public CassandraSettings withQuickStart() {
    return new CassandraSettings(
        dataDirectory,
        libraryDirectory,
        address,
        seed,
        cqlPort,
        storagePort,
        initialToken,
        heapMegabytes,
        true,
        options);
  }

  /** The same with an option of {@code cassandra.yaml}, such as {@code commit_failure_policy}. */
  public CassandraSettings withOption(String key, String value) {
    Map<String, String> all = new HashMap<>(options);
    all.put(key, value);
    return new CassandraSettings(
        dataDirectory,
        libraryDirectory,
        address,
        seed,
        cqlPort,
        storagePort,
        initialToken,
        heapMegabytes,
        quickStart,
        all);
  }

  /**
   * The same with users: who connects gives a name and a password, and may do what he was granted.
   * At first there is the superuser {@code cassandra} with the password {@code cassandra}. What is
   * granted or taken away holds within a tenth of a second.
   */
  public CassandraSettings withUsers() {
    return withOption("authenticator", "PasswordAuthenticator")
        .withOption("authorizer", "CassandraAuthorizer")
        .withOption("role_manager", "CassandraRoleManager")
        .withOption("permissions_validity", "100ms")
        .withOption("roles_validity", "100ms");
  }
}
