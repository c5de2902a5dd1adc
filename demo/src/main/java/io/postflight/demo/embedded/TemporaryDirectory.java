package io.postflight.demo.embedded;

import io.postflight.operations.Progress;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A directory that is removed with its content, except the log of a failed run. */
public final class TemporaryDirectory implements AutoCloseable {
  private final Path path;
  private final Path log;
  private final Progress progress;
  private boolean keepsLog;

  private TemporaryDirectory(Path path, Progress progress) {
    this.path = path;
    this.log = path.resolve("postflight.log");
    this.progress = progress;
  }

  /** Creates one. */
  public static TemporaryDirectory create(String prefix, Progress progress) throws IOException {
    return new TemporaryDirectory(Files.createTempDirectory(prefix), progress);
  }

  /** Its path. */
  public Path path() {
    return path;
  }

  /** Whether the log is kept when the directory is removed; by default it is not. */
  public void keepLog(boolean keep) {
    keepsLog = keep;
  }

  @Override
  public void close() throws IOException {
    if (keepsLog) {
      progress.step("The log is " + log);
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!keepsLog || !file.equals(log)) {
              Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
              throws IOException {
            if (!keepsLog || !each.equals(path)) {
              Files.deleteIfExists(each);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
