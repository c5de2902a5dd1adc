package io.postflight.topology.adapter;

import java.io.IOException;

/** The body as a whole does not have the format of the provider. */
public final class MalformedBodyException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The message must not contain data of the body. */
  public MalformedBodyException(String message) {
    super(message);
  }
}
