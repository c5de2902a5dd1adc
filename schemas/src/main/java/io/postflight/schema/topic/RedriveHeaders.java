package io.postflight.schema.topic;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Names of the headers that mark a record which was a dead letter before. Who makes another record
 * of a marked one, or a dead letter, passes them on. Values are UTF-8 text.
 */
public final class RedriveHeaders {
  /** The dead letter that the record was: {@code partition:offset} in {@code dead.letters}. */
  public static final String REDRIVEN_FROM = "redriven-from";

  /** How often it has been redriven, this time included; decimal. */
  public static final String REDRIVE_COUNT = "redrive-count";

  private RedriveHeaders() {}

  /** Passes the marks on, if there are any. */
  public static void pass(Headers from, Headers to) {
    for (String name : new String[] {REDRIVEN_FROM, REDRIVE_COUNT}) {
      Header mark = from.lastHeader(name);
      if (mark != null) {
        to.remove(name);
        to.add(mark);
      }
    }
  }
}
