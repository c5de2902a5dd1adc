package io.postflight.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Removes a temporary directory with all that is in it. */
final class DirectoryRemoval {
  private final Path directory;

  DirectoryRemoval(Path directory) {
    this.directory = directory;
  }

  /**
   * Removes it.
   *
   * @param keepLog leaves the log of the stack where it is
   */
  void run(boolean keepLog) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!keepLog || !file.equals(directory.resolve("postflight.log"))) {
              Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
              throws IOException {
            if (!keepLog || !each.equals(directory)) {
              Files.deleteIfExists(each);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
