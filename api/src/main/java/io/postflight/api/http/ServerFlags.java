package io.postflight.api.http;

import com.linecorp.armeria.common.FlagsProvider;

/**
 * Flags of the HTTP server that have no place in its builder; found through {@code
 * META-INF/services}.
 */
public final class ServerFlags implements FlagsProvider {
  @Override
  public int priority() {
    return 0;
  }

  /** An id such as {@code a/../b} may stand in a query parameter, which names no file here. */
  @Override
  public Boolean allowDoubleDotsInQueryString() {
    return true;
  }

  /**
   * A connection of HTTP/1 is closed with its last response. By default it stays open for three
   * seconds more, for the client to close first, and counts among the connections all the while.
   */
  @Override
  public Long defaultHttp1ConnectionCloseDelayMillis() {
    return 0L;
  }
}
