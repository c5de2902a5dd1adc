package io.postflight.devstack.junit;

import io.postflight.devstack.cql.CassandraSettings;
import io.postflight.devstack.cql.EmbeddedCassandra;
import io.postflight.devstack.kafka.EmbeddedKafka;
import io.postflight.devstack.registry.EmbeddedRegistry;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.internals.Exit;
import org.jspecify.annotations.Nullable;

/**
 * Real servers for tests: each is started on first use, once per test JVM.
 *
 * <p>Tests share them, so each uses its own topics, keyspaces and subjects ({@link #uniqueName}),
 * and none stops or pauses a shared server. A test that stops a server starts its own.
 *
 * <p>Their data is not kept: when the JVM exits, the database is killed and the directory deleted.
 */
public final class SharedServers {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private SharedServers() {}

  /** The broker, without automatic topic creation. */
  public static EmbeddedKafka kafka() {
    return KafkaHolder.SERVER;
  }

  /** The CQL server. */
  public static EmbeddedCassandra cassandra() {
    return CassandraHolder.SERVER;
  }

  /** The schema registry. */
  public static EmbeddedRegistry registry() {
    return RegistryHolder.SERVER;
  }

  /**
   * A unique name in this JVM: lower-case letters, digits and underscores, at most 40 characters,
   * valid for a keyspace, a topic prefix, a consumer group.
   *
   * @param prefix identifies the user of the name; starts with a letter
   */
  public static String uniqueName(String prefix) {
    String clean = prefix.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    return clean.substring(0, Math.min(clean.length(), 30)) + '_' + NAMES.incrementAndGet();
  }

  /** A new empty directory that is deleted at the end of the JVM. */
  public static Path newDirectory(String name) {
    try {
      return Files.createDirectories(DirectoryHolder.ROOT.resolve(uniqueName(name)));
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Holder idiom: the class loader starts each server once. */
  private static final class KafkaHolder {
    static final EmbeddedKafka SERVER = EmbeddedKafka.start(newDirectory("kafka"));
  }

  private static final class CassandraHolder {
    static final EmbeddedCassandra SERVER = start();

    private static EmbeddedCassandra start() {
      EmbeddedCassandra server =
          EmbeddedCassandra.start(CassandraSettings.of(newDirectory("cassandra")).withoutRestart());
      Runtime.getRuntime().addShutdownHook(new Thread(server::kill, "kill-shared-cassandra"));
      return server;
    }
  }

  private static final class RegistryHolder {
    static final EmbeddedRegistry SERVER = EmbeddedRegistry.start(newDirectory("registry"));
  }

  private static final class DirectoryHolder {
    static final Path ROOT =
        Path.of("target", "shared-servers", Long.toString(ProcessHandle.current().pid()))
            .toAbsolutePath();

    static {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(DirectoryHolder::delete, "delete-shared-servers"));
    }

    /*   * Files that a server still writes remain below target/. The broker, which runs in this JVM, would
     * halt it with code 1 for a lost directory; the JVM exits anyway, with the code of the tests.
     */
    private static void delete() {
      Exit.setHaltProcedure((code, message) -> {});
      Exit.setExitProcedure((code, message) -> {});
      try {
        Files.walkFileTree(ROOT, new Deletion());
      } catch (IOException ignored) {
        // The next clean build removes it.
      }
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
