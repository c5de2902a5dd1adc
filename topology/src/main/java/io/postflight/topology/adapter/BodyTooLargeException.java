package io.postflight.topology.adapter;

import java.io.IOException;

/** The body as a whole exceeds a limit. */
public final class BodyTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The message names the limit. */
  public BodyTooLargeException(String message) {
    super(message);
  }
}
