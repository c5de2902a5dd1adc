package io.postflight.devstack.cql;

import java.nio.file.Path;
import java.util.List;
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
    boolean quickStart) {
  /** The loopback address that a single node listens on. */
  public static final String LOOPBACK = "127.0.0.1";

  private static final int DEFAULT_HEAP_MEGABYTES = 512;

  /** Validates; directories are made absolute. */
  public CassandraSettings {
    dataDirectory = dataDirectory.toAbsolutePath().normalize();
    libraryDirectory = libraryDirectory.toAbsolutePath().normalize();
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
        false);
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
        quickStart);
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
        quickStart);
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
        quickStart);
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
        quickStart);
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
        true);
  }
}
