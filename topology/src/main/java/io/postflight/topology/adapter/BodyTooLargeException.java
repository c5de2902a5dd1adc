package io.postflight.topology.adapter;

import java.io.IOException;

/** The body as a whole has more in it than is taken. */
public final class BodyTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a message that names what is too much, and the limit. */
  public BodyTooLargeException(String message) {
    super(message);
  }
}
