package io.postflight.topology.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native library of RocksDB, stored in the state directory, one per version. By default RocksDB
 * extracts it into the temporary directory at each start and deletes it when the JVM exits; a
 * killed process leaves 15 to 60 MB behind. That is done only if the stored file cannot be loaded,
 * for instance from a volume that is mounted {@code noexec}.
 */
public final class RocksLibrary {
  private static final Logger log = LoggerFactory.getLogger(RocksLibrary.class);

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
    try {
      Path directory = extracted(stateDir);
      if (directory != null) {
        RocksDB.loadLibrary(List.of(directory.toString()));
        return;
      }
    } catch (IOException | UnsatisfiedLinkError failed) {
      log.warn(
          "The native library of RocksDB cannot be loaded from {}, so it is extracted to the"
              + " temporary directory: {}",
          stateDir,
          failed.toString());
    }
    RocksDB.loadLibrary();
  }

  /**
   * Extracts the library, unless it is there with the size that it has in its jar: after a power
   * loss a renamed file may be incomplete.
   *
   * @return the directory of the library; null if it is not in a jar
   */
  static @Nullable Path extracted(Path stateDir) throws IOException {
    URL packed =
        RocksDB.class.getClassLoader().getResource(Environment.getJniLibraryFileName("rocksdb"));
    if (packed == null || !(packed.openConnection() instanceof JarURLConnection jar)) {
      return null;
    }
    JarEntry entry = jar.getJarEntry();
    Path directory =
        stateDir
            .toAbsolutePath()
            .resolve("native")
            .resolve("rocksdb-" + Long.toHexString(entry.getCrc()));
    // The file in the jar and the file that is loaded from a directory have different names.
    String name = Environment.getJniLibraryFileName("rocksdbjni");
    Path library = directory.resolve(name);
    if (!Files.exists(library) || Files.size(library) != entry.getSize()) {
      unpack(packed, directory, name);
    }
    return directory;
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
