package io.postflight.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A small file system that can be filled: a tmpfs, mounted for the test. Requires root; otherwise
 * the test is skipped with the reason.
 */
final class SmallDisk implements AutoCloseable {
  private static final int BLOCK = 4_096;

  private final Path directory;
  private final Path ballast;
  private final Thread unmountAtEnd;

  private SmallDisk(Path directory) {
    this.directory = directory;
    this.ballast = directory.resolve("ballast");
    this.unmountAtEnd = new Thread(this::unmount, "unmount-small-disk");
    Runtime.getRuntime().addShutdownHook(unmountAtEnd);
  }

  /** Mounts one; if that is not allowed, the test is skipped. */
  static SmallDisk ofMebibytes(int mebibytes) throws IOException, InterruptedException {
    // Not below target/: a mount left by a killed JVM would break a clean build.
    Path directory = Files.createTempDirectory("postflight-small-disk");
    String refusal;
    try {
      refusal =
          run(
              "mount",
              "-t",
              "tmpfs",
              "-o",
              "size=" + mebibytes + "m",
              "small",
              directory.toString());
    } catch (IOException noSuchCommand) {
      refusal = String.valueOf(noSuchCommand.getMessage());
    }
    if (!refusal.isEmpty()) {
      Files.delete(directory);
    }
    assumeTrue(
        refusal.isEmpty(),
        "skipped: no file system that can become full may be mounted here (it takes root on"
            + " Linux): "
            + refusal);
    return new SmallDisk(directory);
  }

  Path directory() {
    return directory;
  }

  /** Fills the file system with a file. */
  void fill() throws IOException {
    byte[] block = new byte[BLOCK];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space left")) {
        throw full;
      }
    }
  }

  /** Removes the file of {@link #fill}. */
  void freeSpace() throws IOException {
    Files.deleteIfExists(ballast);
  }

  /** It must not be in use, or its memory is freed only later. */
  @Override
  public void close() {
    unmount();
    Runtime.getRuntime().removeShutdownHook(unmountAtEnd);
  }

  private void unmount() {
    try {
      run("umount", "--lazy", directory.toString());
      Files.deleteIfExists(directory);
    } catch (IOException left) {
      // It is in the directory for temporary files.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Error output of a command; empty: none. */
  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    return code == 0 ? "" : said.strip() + " (exit code " + code + ')';
  }
}
