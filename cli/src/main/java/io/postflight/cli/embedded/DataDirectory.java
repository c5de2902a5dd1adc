package io.postflight.cli.embedded;

import io.postflight.cli.output.CommandException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
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
      Files.createDirectories(path);
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
