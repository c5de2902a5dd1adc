package io.postflight.cli.embedded;

import io.postflight.cli.output.CommandException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where a stack keeps everything, held by one process at a time. The lock is the operating
 * system's, so that it goes with its process however that ends.
 */
public final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel lockFile;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Takes a directory, which is created if it is not there.
   *
   * @throws CommandException if another process holds it, or it cannot be written
   */
  public static DataDirectory take(Path path) {
    try {
      close(path);
      FileChannel lockFile =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(lockFile)) {
        lockFile.close();
        throw CommandException.usage(
            "--data-dir "
                + path
                + " is in use by another stack: stop that one, or give another directory");
      }
      Files.deleteIfExists(path.resolve(Endpoints.FILE));
      return new DataDirectory(path, lockFile);
    } catch (IOException e) {
      throw CommandException.usage(
          "--data-dir " + path + " cannot be used: " + e + "; give one that can be written");
    }
  }

  /**
   * Closes the directory to others: one that is new, empty, or was a data directory before. Another
   * one, such as the temporary directory of the machine, is not ours to close.
   */
  private static void close(Path path) throws IOException {
    boolean foreign = false;
    if (Files.isDirectory(path) && !Files.exists(path.resolve("lock"))) {
      try (DirectoryStream<Path> content = Files.newDirectoryStream(path)) {
        foreign = content.iterator().hasNext();
      }
    }
    if (!foreign) {
      OwnerOnly.directory(path);
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

  /** Gives it back. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
