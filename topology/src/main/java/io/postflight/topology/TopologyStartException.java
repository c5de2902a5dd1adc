package io.postflight.topology;

/** The topology cannot start as things are configured; the message says what to do. */
public final class TopologyStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TopologyStartException(String message) {
    super(message);
  }
}
