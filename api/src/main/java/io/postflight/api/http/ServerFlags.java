package io.postflight.api.http;

import com.linecorp.armeria.common.FlagsProvider;

/**
 * Flags of the HTTP server that have no place in its builder; found through {@code
 * META-INF/services}. An id such as {@code a/../b} may stand in a query parameter, which names no
 * file here.
 */
public final class ServerFlags implements FlagsProvider {
  @Override
  public int priority() {
    return 0;
  }

  @Override
  public Boolean allowDoubleDotsInQueryString() {
    return true;
  }
}
