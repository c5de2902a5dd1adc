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
 * The native library of RocksDB, stored in the state directory, one per version. By default RocksDB
 * extracts it into the temporary directory at each start and deletes it when the JVM exits; a
 * killed process leaves 15 to 60 MB behind.
 */
public final class RocksLibrary {
  private RocksLibrary() {}

  /**
   * Loads the library, unless this JVM has loaded it; extracts it if it is not stored yet.
   *
   * @param stateDir the state directory; the library is stored in {@code native} below it
   */
  public static void load(Path stateDir) {
    if (RocksDB.rocksdbVersion() != null) {
      return;
    }
    URL packed =
        RocksDB.class.getClassLoader().getResource(Environment.getJniLibraryFileName("rocksdb"));
    // The file in the jar and the file that is loaded from a directory have different names.
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
          "the native library of RocksDB cannot be extracted to " + stateDir, failed);
    }
  }

  /** Extracts to a temporary file that is renamed atomically, so that the file is complete. */
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
