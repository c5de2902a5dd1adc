package io.postflight.schema.signature;

import java.util.Map;

/**
 * A signature to add to a request.
 *
 * @param url target URL; a signature may add a query parameter
 * @param headers to add to the request
 */
public record Signature(String url, Map<String, String> headers) {
  /** Header names only. */
  @Override
  public String toString() {
    return "signature in " + headers.keySet();
  }
}
