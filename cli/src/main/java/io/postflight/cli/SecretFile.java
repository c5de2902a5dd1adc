package io.postflight.cli;

import io.postflight.demo.embedded.OwnerOnly;
import io.postflight.operations.FileFaults;
import io.postflight.operations.OperationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that contains only a key or a secret. */
final class SecretFile {
  private SecretFile() {}

  /**
   * Reads a file; warns if other users can read it too.
   *
   * @param option that names it
   */
  static String read(String option, Path file, GlobalOptions global) {
    Path path = global.environment.resolve(file);
    try {
      String text = Files.readString(path).strip();
      if (text.isEmpty()) {
        throw OperationException.usage(option + " " + file + " is empty");
      }
      if (OwnerOnly.isReadByOthers(path) && !global.quiet) {
        global
            .environment
            .err()
            .printf(
                "warning: %s %s is readable by other users: chmod 600 %s%n", option, file, file);
      }
      return text;
    } catch (IOException e) {
      throw OperationException.usage(option + " " + file + ": " + FileFaults.reason(e));
    }
  }
}
