package io.postflight.api;

/** A server cannot listen on its address; the message names the settings and the reason. */
public final class ListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param address names and values of the settings
   */
  ListenException(String address, Throwable failure) {
    super("cannot listen on %s: %s".formatted(address, root(failure).getMessage()), failure);
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
