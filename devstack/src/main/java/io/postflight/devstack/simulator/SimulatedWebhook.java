package io.postflight.devstack.simulator;

import java.util.List;
import java.util.Map;

/**
 * One unsigned webhook request of a provider, with its expected outcome.
 *
 * @param provider as in the webhook's URL
 * @param tenant as in the webhook's URL
 * @param contentType of the body
 * @param body the bytes; must not be modified
 * @param headers additional headers, without the signature
 * @param events number of valid events in the body, duplicates included
 * @param rejections deliberately invalid entries, in the order of the body
 */
// Instances are never compared, and a copy of each body would cost more than it protects.
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
