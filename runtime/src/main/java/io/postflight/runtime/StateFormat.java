package io.postflight.runtime;

import io.postflight.operations.OperationException;
import io.postflight.schema.recovery.TopicFormat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The version of the format of the topology's state, recorded in file {@code format} of its state
 * directory. It is that of the topics, from which the state is restored. The state directory of the
 * sinks holds no data.
 */
final class StateFormat {
  private static final String FILE = "format";

  /** Directories beside those of Kafka Streams: the library of RocksDB, and of file systems. */
  private static final Set<String> OTHERS = Set.of("native", "lost+found");

  private StateFormat() {}

  /**
   * Requires that a directory has state of this version, or none; records the version in it.
   *
   * @throws OperationException if it has other state, or cannot be written
   */
  static void require(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      String found = Files.exists(file) ? Files.readString(file).strip() : "";
      if (found.equals(TopicFormat.VERSION)) {
        return;
      }
      if (!found.isEmpty() || hasState(directory)) {
        throw OperationException.usage(
            ("topology.stateDir %s has state of %s; this version requires format %s: delete the"
                    + " directory, its state is restored from Kafka")
                .formatted(
                    directory,
                    found.isEmpty() ? "an earlier format" : "format " + found,
                    TopicFormat.VERSION));
      }
      Files.createDirectories(directory);
      Files.writeString(file, TopicFormat.VERSION + System.lineSeparator());
    } catch (IOException failure) {
      throw OperationException.usage(
          "topology.stateDir %s cannot be used: %s".formatted(directory, failure));
    }
  }

  private static boolean hasState(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (DirectoryStream<Path> content =
        Files.newDirectoryStream(
            directory,
            entry ->
                Files.isDirectory(entry) && !OTHERS.contains(entry.getFileName().toString()))) {
      return content.iterator().hasNext();
    }
  }
}
