package io.postflight.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system of a few mebibytes, which can really become full: a tmpfs, mounted for the test.
 * Only root may do that; for others the test is skipped, and says why.
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

  /** Mounts one; where that is not allowed, the test ends here as skipped. */
  static SmallDisk ofMebibytes(int mebibytes) throws IOException, InterruptedException {
    // Not below target/: a mount that outlives a killed JVM would be in the way of a clean build.
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

  /** Takes all the room that is left, as somebody else's file would. */
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

  /** Gives back what {@link #fill} took. */
  void makeRoom() throws IOException {
    Files.deleteIfExists(ballast);
  }

  /** Nobody may be using it any more, or its memory is free only when they end. */
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

  /** What a command complained of; empty: nothing. */
  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    return code == 0 ? "" : said.strip() + " (exit code " + code + ')';
  }
}
