package io.postflight.devstack.cql;

/**
 * The embedded CQL server requires Java 17, and none was found; the message explains what to do.
 */
public final class Java17MissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Java17MissingException(String message) {
    super(message);
  }
}
