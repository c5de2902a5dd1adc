package io.postflight.schema.topic;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Names of the headers of redriven records. They are copied to every record or dead letter that is
 * derived from a redriven record. Values are UTF-8 text.
 */
public final class RedriveHeaders {
  /** The dead letter that was redriven: {@code partition:offset} in {@code dead.letters}. */
  public static final String REDRIVEN_FROM = "redriven-from";

  /** How often the record has been redriven, including this time; decimal. */
  public static final String REDRIVE_COUNT = "redrive-count";

  private static final List<String> PASSED = List.of(REDRIVEN_FROM, REDRIVE_COUNT);

  private RedriveHeaders() {}

  /** Copies the headers, if present. */
  public static void pass(Headers from, Headers to) {
    for (String name : PASSED) {
      Header header = from.lastHeader(name);
      if (header != null) {
        to.remove(name);
        to.add(header);
      }
    }
  }
}
