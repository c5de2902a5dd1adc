package io.postflight.api.http;

import com.linecorp.armeria.common.RequestHeaders;
import org.jspecify.annotations.Nullable;

/** A peer whose request holds resources. */
public interface Peer {
  /** Key of the address; null for a trusted proxy, which has no limit. */
  @Nullable Object address();

  /**
   * Key of the address that a request came from: behind a trusted proxy, the last one of {@code
   * X-Forwarded-For} that is not a trusted proxy, or the proxy itself if that is not an address;
   * null if there is none.
   */
  default @Nullable Object client(RequestHeaders headers) {
    return address();
  }

  /**
   * Runs a task once all bytes that were read at the same time as the request have been processed;
   * at once, if they have been. On the connection's event loop only.
   */
  default void afterRead(Runnable task) {
    task.run();
  }
}
