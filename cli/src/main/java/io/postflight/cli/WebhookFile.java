package io.postflight.cli;

import io.postflight.operations.OperationException;
import io.postflight.operations.client.RecordedRequest;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A webhook body from a file.
 *
 * @param name of the file, or {@code -}
 * @param contentType as its provider sends it
 * @param body the bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WebhookFile(String name, String contentType, byte[] body) {
  /** The absent body of a GET. */
  static WebhookFile ofGet() {
    return new WebhookFile("", RecordedRequest.FORM, new byte[0]);
  }

  /**
   * Reads all files before any is used.
   *
   * @throws OperationException naming the file that cannot be read
   */
  static List<WebhookFile> readAll(List<String> names, CommandEnvironment environment) {
    List<WebhookFile> files = new ArrayList<>();
    for (String name : names) {
      byte[] body = RecordedRequest.content(read(name, environment));
      if (body.length == 0) {
        throw OperationException.usage((name.equals("-") ? "standard input" : name) + " is empty");
      }
      files.add(new WebhookFile(name, RecordedRequest.contentType(name, body), body));
    }
    return files;
  }

  private static byte[] read(String name, CommandEnvironment environment) {
    try {
      if (name.equals("-")) {
        return environment.in().readAllBytes();
      }
      Path path = environment.resolve(Path.of(name));
      if (Files.isDirectory(path)) {
        throw OperationException.usage(
            name + " is a directory: name its files, such as " + path.resolve("*.json"));
      }
      if (!Files.exists(path)) {
        throw OperationException.usage(name + ": there is no such file");
      }
      // Files.readAllBytes and channels seek, which pipes such as /dev/stdin do not support.
      try (InputStream in = new BufferedInputStream(new FileInputStream(path.toFile()))) {
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw OperationException.usage(name + " cannot be read: " + e.getMessage());
    }
  }
}
