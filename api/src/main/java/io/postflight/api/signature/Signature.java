package io.postflight.api.signature;

import java.util.Map;

/**
 * What a sender has to do so that its request is accepted.
 *
 * @param url where to send it; a signature may need a query parameter more than was asked for
 * @param headers to be added to the request
 */
public record Signature(String url, Map<String, String> headers) {
  /** Names of the headers only. */
  @Override
  public String toString() {
    return "signature in " + headers.keySet();
  }
}
