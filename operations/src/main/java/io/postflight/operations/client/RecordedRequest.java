package io.postflight.operations.client;

import io.postflight.operations.OperationException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A webhook in a file: a body, or the first line of a GET as a server recorded it, instead of the
 * query string alone.
 */
public final class RecordedRequest {
  private static final Pattern GET = Pattern.compile("GET \\S*?\\?(\\S*) HTTP/\\d(?:\\.\\d)?\\s*");
  private static final byte[] START = "GET ".getBytes(StandardCharsets.US_ASCII);

  private static final String JSON = "application/json";

  /** Content type of a form, or of no body. */
  public static final String FORM = "application/x-www-form-urlencoded";

  private RecordedRequest() {}

  /**
   * The content type of a body, by the name of its file or else by its first character: JSON of a
   * webhook is an object or an array.
   */
  public static String contentType(String name, byte[] body) {
    if (name.endsWith(".json") || name.endsWith(".txt")) {
      return name.endsWith(".json") ? JSON : FORM;
    }
    for (byte each : body) {
      if (!Character.isWhitespace(each)) {
        return each == '{' || each == '[' ? JSON : FORM;
      }
    }
    return JSON;
  }

  /**
   * The headers of a request, including its content type.
   *
   * @param given as {@code Name: value}
   * @throws OperationException if one has another form
   */
  public static Map<String, String> headers(String contentType, List<String> given) {
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

  /** The query string of a recorded GET; every other content as it is. */
  public static byte[] content(byte[] file) {
    for (int i = 0; i < START.length; i++) {
      if (i == file.length || file[i] != START[i]) {
        return file;
      }
    }
    Matcher recorded = GET.matcher(new String(file, StandardCharsets.UTF_8));
    return recorded.matches() ? recorded.group(1).getBytes(StandardCharsets.UTF_8) : file;
  }
}
