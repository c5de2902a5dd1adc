package io.postflight.demo.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A running stack that other commands can discover until it is closed. */
public final class AnnouncedStack implements AutoCloseable {
  private final RunningStacks running;
  private final Path file;

  private AnnouncedStack(RunningStacks running, Path file) {
    this.running = running;
    this.file = file;
  }

  /** Writes {@code endpoints.json} into the stack's directory, and announces it. */
  public static AnnouncedStack of(Endpoints endpoints, DataDirectory data, RunningStacks running)
      throws IOException {
    Path file = endpoints.writeTo(data.path());
    running.announce(file);
    return new AnnouncedStack(running, file);
  }

  /** The stack's {@code endpoints.json}. */
  public Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    running.withdraw();
    Files.deleteIfExists(file);
  }
}
