package io.postflight.api.http;

import com.linecorp.armeria.common.FlagsProvider;

/** Flags of the HTTP server that its builder lacks; loaded through {@code META-INF/services}. */
public final class ServerFlags implements FlagsProvider {
  @Override
  public int priority() {
    return 0;
  }

  /** Ids such as {@code a/../b} are allowed in query parameters, which never name files. */
  @Override
  public Boolean allowDoubleDotsInQueryString() {
    return true;
  }

  /**
   * Closes HTTP/1 connections with their last response. By default they stay open for three more
   * seconds for the client to close first, and count as connections meanwhile.
   */
  @Override
  public Long defaultHttp1ConnectionCloseDelayMillis() {
    return 0L;
  }
}
