package io.postflight.topology;

/** The topology cannot start with its configuration; the message explains how to fix it. */
public final class TopologyStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TopologyStartException(String message) {
    super(message);
  }
}
