package io.postflight.topology.adapter;

import java.io.IOException;

/** The body as a whole is not what the provider sends. */
public final class MalformedBodyException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With a message that says what is wrong, without the body's data. */
  public MalformedBodyException(String message) {
    super(message);
  }
}
