package io.postflight.devstack.simulator;

import java.util.List;
import java.util.Map;

/**
 * One call of a provider, not signed yet, with what must become of it.
 *
 * @param provider as in the webhook's address
 * @param tenant as in the webhook's address
 * @param contentType of the body
 * @param body the bytes; not to be changed
 * @param headers further headers, without the signature
 * @param events how many of the body's entries are good events, repetitions included
 * @param rejections what was put wrong on purpose, in the order of the body
 */
// The arrays are compared by identity, which nobody does; a copy of each body would cost more.
@SuppressWarnings("ArrayRecordComponent")
public record SimulatedWebhook(
    String provider,
    String tenant,
    String contentType,
    byte[] body,
    Map<String, String> headers,
    int events,
    List<ExpectedRejection> rejections) {
  static final String JSON = "application/json";
  static final String FORM = "application/x-www-form-urlencoded";

  /** Copies the collections. */
  public SimulatedWebhook {
    headers = Map.copyOf(headers);
    rejections = List.copyOf(rejections);
  }
}
