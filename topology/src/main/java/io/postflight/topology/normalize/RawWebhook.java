package io.postflight.topology.normalize;

import io.postflight.schema.event.RawReference;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A raw webhook, with the metadata that the gateway added.
 *
 * @param provider as in the webhook URL, such as {@code whatsapp}
 * @param tenant as in the webhook URL
 * @param receivedAt when the gateway received it, epoch milliseconds
 * @param body the original bytes, or those of the query string; neither copied nor modified
 * @param contentType as sent, or null
 * @param query whether the body is the query string of a GET request
 * @param at the record of {@code raw.webhooks} that it was read from, or null outside of Kafka; its
 *     index is ignored, since each event gets a reference with its own
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are never compared, and copying is expensive
public record RawWebhook(
    String provider,
    String tenant,
    long receivedAt,
    byte[] body,
    @Nullable String contentType,
    boolean query,
    @Nullable RawReference at) {
  public RawWebhook {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(body, "body");
    if (receivedAt < 0) {
      throw new IllegalArgumentException(
          "receivedAt is " + receivedAt + "; it must be epoch milliseconds, 0 or more");
    }
  }
}
