package io.postflight.demo.embedded;

import io.postflight.operations.Progress;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is removed with its content, except the logs of a failed run. Those that killed
 * processes left are removed when the next one is created: a process locks a file in its directory,
 * and the operating system releases the lock when the process ends.
 */
public final class TemporaryDirectory implements AutoCloseable {
  private static final String OWNER = "owner";
  private static final String LOG = ".log";

  private final Path path;
  private final Progress progress;
  private final FileChannel owner;
  private boolean keepsLogs;

  private TemporaryDirectory(Path path, FileChannel owner, Progress progress) {
    this.path = path;
    this.owner = owner;
    this.progress = progress;
  }

  /** Creates one. */
  public static TemporaryDirectory create(String prefix, Progress progress) throws IOException {
    return create(Path.of(System.getProperty("java.io.tmpdir")), prefix, progress);
  }

  /** Creates one in another directory. */
  static TemporaryDirectory create(Path parent, String prefix, Progress progress)
      throws IOException {
    removeAbandoned(parent, prefix, progress);
    Path path = Files.createTempDirectory(parent, prefix);
    Files.createFile(path.resolve(DataDirectory.OURS));
    // Renamed once it is locked: no other process sees the file without its lock.
    Path unlocked = Files.createFile(path.resolve(OWNER + ".new"));
    FileChannel owner = FileChannel.open(unlocked, StandardOpenOption.WRITE);
    FileLock unused = owner.lock();
    Files.move(unlocked, path.resolve(OWNER));
    return new TemporaryDirectory(path, owner, progress);
  }

  /** Removes directories whose process has ended; those of other users stay. */
  private static void removeAbandoned(Path parent, String prefix, Progress progress)
      throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, prefix + "*")) {
      for (Path each : all) {
        Path file = each.resolve(OWNER);
        if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          try (FileChannel owner = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (isUnlocked(owner)) {
              progress.step("Removing " + each + ", which a killed process left");
              remove(each, file::equals); // the file last, so that a failure is repeated
              remove(each, other -> false);
            }
          } catch (IOException inUse) {
            // It belongs to another user, or a server in it is still ending.
          }
        }
      }
    }
  }

  private static boolean isUnlocked(FileChannel owner) throws IOException {
    try {
      return owner.tryLock() != null;
    } catch (OverlappingFileLockException ofThisProcess) {
      return false;
    }
  }

  /** Its path. */
  public Path path() {
    return path;
  }

  /**
   * Whether logs, of this process and of those that it has started, are kept when the directory is
   * removed; by default they are not.
   */
  public void keepLogs(boolean keep) {
    keepsLogs = keep;
  }

  @Override
  public void close() throws IOException {
    if (keepsLogs) {
      progress.step("Logs are in " + path);
    }
    try (owner) {
      remove(path, keepsLogs ? this::isLog : file -> false);
    }
  }

  private boolean isLog(Path file) {
    return path.equals(file.getParent()) && file.getFileName().toString().endsWith(LOG);
  }

  private static void remove(Path directory, Predicate<Path> kept) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!kept.test(file)) {
              Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
              throws IOException {
            try {
              Files.deleteIfExists(each);
            } catch (DirectoryNotEmptyException hasKept) {
              // What is kept is in it.
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
