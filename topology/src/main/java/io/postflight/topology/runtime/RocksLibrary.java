package io.postflight.topology.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * The native library of RocksDB, kept below the state directory, one per version. RocksDB itself
 * unpacks it into the temporary directory at each start and deletes it at the end of the JVM, which
 * a killed process does not reach: each leaves some 15 to 60 MB behind.
 */
public final class RocksLibrary {
  private RocksLibrary() {}

  /**
   * Loads the library, unless this JVM has it already; unpacks it if it is not there yet.
   *
   * @param stateDir the state directory; the library stays in {@code native} below it
   */
  public static void load(Path stateDir) {
    if (RocksDB.rocksdbVersion() != null) {
      return;
    }
    URL packed =
        RocksDB.class.getClassLoader().getResource(Environment.getJniLibraryFileName("rocksdb"));
    // Its jar and its loader from a directory do not call the file the same.
    String name = Environment.getJniLibraryFileName("rocksdbjni");
    try {
      if (packed != null && packed.openConnection() instanceof JarURLConnection jar) {
        String version = Long.toHexString(jar.getJarEntry().getCrc());
        Path directory = stateDir.toAbsolutePath().resolve("native").resolve("rocksdb-" + version);
        if (!Files.exists(directory.resolve(name))) {
          unpack(packed, directory, name);
        }
        RocksDB.loadLibrary(List.of(directory.toString()));
      } else {
        RocksDB.loadLibrary();
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "the library of RocksDB cannot be unpacked below " + stateDir, failed);
    }
  }

  /** A file of that name is complete: it gets its name at the end, in one step. */
  private static void unpack(URL packed, Path directory, String name) throws IOException {
    Files.createDirectories(directory);
    Path partial = Files.createTempFile(directory, "unpacking", ".tmp");
    try (InputStream bytes = packed.openStream()) {
      Files.copy(bytes, partial, StandardCopyOption.REPLACE_EXISTING);
      Files.move(partial, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
