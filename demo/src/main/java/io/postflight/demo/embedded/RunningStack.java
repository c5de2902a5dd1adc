package io.postflight.demo.embedded;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A stack that runs on this machine.
 *
 * @param file its {@code endpoints.json}
 * @param endpoints what is in it
 */
public record RunningStack(Path file, Endpoints endpoints) {
  /** Its data directory. */
  public Path directory() {
    return Objects.requireNonNull(file.getParent());
  }
}
