package io.postflight.api;

/** A server cannot listen on its address; the message names the settings and the reason. */
public final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ListenException(String host, String setting, int port, Throwable failure) {
    super(
        "cannot listen on http.host %s, %s %d: %s"
            .formatted(host, setting, port, root(failure).getMessage()),
        failure);
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
