package io.postflight.api.http;

import java.util.concurrent.TimeUnit;

/**
 * How many frames of HTTP/2 besides requests and their bodies a connection may send, or small parts
 * of bodies, which cost the server more than its peer. Confined to the connection's event loop.
 */
final class FrameBudget {
  /** Smaller parts of bodies are counted. */
  static final int LEAST_DATA = 64;

  /** If they arrive at once. */
  static final int AT_ONCE = 1_000;

  /** So many more per second, such as PING. */
  private static final int PER_SECOND = 10;

  /** So many more per response: WINDOW_UPDATE, RST_STREAM. */
  private static final int PER_RESPONSE = 4;

  /** The same of an authenticated client, which may send a webhook in small parts. */
  private static final int PER_AUTHENTICATED_RESPONSE = 64;

  /** One more per so many written bytes: WINDOW_UPDATE. */
  private static final int BYTES_PER_FRAME = 1 << 10;

  /** Of responses, which precede the frames that they cause. */
  private static final long MAX_AHEAD = 8_192;

  private long spent;
  private long since;
  private long written;

  FrameBudget(long now) {
    since = now;
  }

  /** Counts frames; false if the budget is exceeded. */
  boolean spend(long number, long now) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(now - since);
    since += TimeUnit.SECONDS.toNanos(seconds);
    spent = Math.max(Math.min(0, spent), spent - seconds * PER_SECOND) + number;
    return spent <= AT_ONCE;
  }

  /** A response starts. */
  void responded(boolean authenticated) {
    allow(authenticated ? PER_AUTHENTICATED_RESPONSE : PER_RESPONSE);
  }

  /** Bytes of responses were written. */
  void written(long bytes) {
    written += bytes;
    allow(written / BYTES_PER_FRAME);
    written %= BYTES_PER_FRAME;
  }

  private void allow(long number) {
    spent = Math.max(-MAX_AHEAD, spent - number);
  }
}
