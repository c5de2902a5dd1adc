package io.postflight.demo.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Name and state directory of one of several processes that run roles against the same embedded
 * servers: the first free slot. A process that is restarted after a crash gets the same slot.
 */
public final class InstanceSlot implements AutoCloseable {
  private static final int MOST = 64;

  private final int number;
  private final Path directory;
  private final FileChannel lock;

  private InstanceSlot(int number, Path directory, FileChannel lock) {
    this.number = number;
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Takes the first free slot below a directory. The operating system releases the lock when the
   * process ends.
   *
   * @throws UncheckedIOException if the directory cannot be written
   * @throws IllegalStateException if all are taken
   */
  public static InstanceSlot take(Path parent) {
    try {
      for (int number = 1; number <= MOST; number++) {
        Path directory = Files.createDirectories(parent.resolve("run-" + number));
        FileChannel lock =
            FileChannel.open(
                directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (locked(lock)) {
          return new InstanceSlot(number, directory, lock);
        }
        lock.close();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    throw new IllegalStateException(MOST + " processes run against " + parent + " already");
  }

  private static boolean locked(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  /** Its name, the same after a restart. */
  public String name() {
    return "run-" + number;
  }

  /** The state directory of its process. */
  public Path directory() {
    return directory;
  }

  /** Releases it. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
