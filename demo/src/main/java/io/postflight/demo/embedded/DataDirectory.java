package io.postflight.demo.embedded;

import io.postflight.operations.FileFaults;
import io.postflight.operations.OperationException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The data directory of a stack, locked by one process at a time. The operating system releases the
 * lock when the process ends.
 */
public final class DataDirectory implements AutoCloseable {
  /** Marks a directory that was created for a stack or found empty. */
  static final String OURS = ".postflight-data";

  /** Records the version of the format of the data: of topics, tables and state together. */
  private static final String FORMAT = "format";

  /** This version. */
  static final String VERSION = "2";

  /** The data directories of servers and roles. */
  private static final List<String> PARTS = List.of("cassandra", "kafka", "registry", "state");

  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Locks a directory, which is created if it does not exist.
   *
   * @throws OperationException if another process holds it, it cannot be written, it has files but
   *     is no data directory, or its data has another format
   */
  public static DataDirectory take(Path path) {
    try {
      close(path);
      requireFormat(path);
      FileChannel lockFile =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(lockFile)) {
        lockFile.close();
        throw OperationException.usage(
            "--data-dir "
                + path
                + " is in use by another stack: stop it, or pass another directory");
      }
      Files.deleteIfExists(path.resolve(Endpoints.FILE));
      return new DataDirectory(path, lockFile);
    } catch (IOException e) {
      throw OperationException.usage(
          "--data-dir "
              + path
              + " cannot be used: "
              + FileFaults.reason(e)
              + "; pass a writable directory");
    }
  }

  /** Restricts the directory to its owner; refuses that of another program. */
  private static void close(Path path) throws IOException {
    if (isNewOrEmpty(path)) {
      OwnerOnly.write(OwnerOnly.directory(path).resolve(OURS), new byte[0]);
    } else if (Files.exists(path.resolve(OURS))) {
      OwnerOnly.directory(path);
    } else {
      throw OperationException.usage(
          "--data-dir "
              + path
              + " has files and is not a data directory: pass one that is empty or does not exist");
    }
  }

  /** Refuses data of another version, which could be misread; marks a directory without data. */
  private static void requireFormat(Path path) throws IOException {
    Path file = path.resolve(FORMAT);
    String recorded = Files.exists(file) ? Files.readString(file).strip() : "";
    if (recorded.equals(VERSION)) {
      return;
    }
    boolean empty = true;
    for (String part : PARTS) {
      empty &= isNewOrEmpty(path.resolve(part));
    }
    if (!empty) {
      throw OperationException.usage(
          "--data-dir %s has data of %s; this version requires format %s: delete it, or pass another directory"
              .formatted(
                  path, recorded.isEmpty() ? "an earlier format" : "format " + recorded, VERSION));
    }
    Files.writeString(file, VERSION + System.lineSeparator());
  }

  private static boolean isNewOrEmpty(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return true;
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(path)) {
      return !content.iterator().hasNext();
    }
  }

  private static boolean locked(FileChannel lockFile) throws IOException {
    try {
      FileLock lock = lockFile.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  /** The directory. */
  public Path path() {
    return path;
  }

  /** Releases it. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
