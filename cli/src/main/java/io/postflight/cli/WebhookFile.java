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
import java.util.Map;
import java.util.TreeMap;

/**
 * A webhook body from a file.
 *
 * @param name of the file, or {@code -}
 * @param contentType as its provider sends it
 * @param body the bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WebhookFile(String name, String contentType, byte[] body) {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";

  /** The absent body of a GET. */
  static WebhookFile ofGet() {
    return new WebhookFile("", FORM, new byte[0]);
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
      files.add(new WebhookFile(name, name.equals("-") ? guess(body) : typeOf(name, body), body));
    }
    return files;
  }

  /**
   * Its headers, including the content type.
   *
   * @param given as {@code Name: value}
   * @throws OperationException if one has another form
   */
  Map<String, String> headers(List<String> given) {
    Map<String, String> parsed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    parsed.put("content-type", contentType);
    for (String header : given) {
      int colon = header.indexOf(':');
      if (colon <= 0) {
        throw OperationException.usage("--header must be 'Name: value'"); // it may be a secret
      }
      parsed.put(header.substring(0, colon).trim(), header.substring(colon + 1).trim());
    }
    return parsed;
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

  private static String typeOf(String name, byte[] body) {
    if (name.endsWith(".json")) {
      return JSON;
    }
    return name.endsWith(".txt") ? FORM : guess(body);
  }

  /** JSON of a webhook is an object or an array. */
  private static String guess(byte[] body) {
    for (byte each : body) {
      if (!Character.isWhitespace(each)) {
        return each == '{' || each == '[' ? JSON : FORM;
      }
    }
    return JSON;
  }
}
