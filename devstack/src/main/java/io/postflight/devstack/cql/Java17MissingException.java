package io.postflight.devstack.cql;

/**
 * The embedded CQL server runs on Java 17 only, and none was found; the message says what to do.
 */
public final class Java17MissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Java17MissingException(String message) {
    super(message);
  }
}
