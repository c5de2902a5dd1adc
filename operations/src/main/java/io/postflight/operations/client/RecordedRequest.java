package io.postflight.operations.client;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file with the first line of a GET as a server recorded it, instead of the query string alone.
 */
public final class RecordedRequest {
  private static final Pattern GET = Pattern.compile("GET \\S*?\\?(\\S*) HTTP/\\d(?:\\.\\d)?\\s*");
  private static final byte[] START = "GET ".getBytes(StandardCharsets.US_ASCII);

  private RecordedRequest() {}

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
