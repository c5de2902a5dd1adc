package io.postflight.topology.normalize;

import io.postflight.schema.event.RawReference;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as it came, with what the gateway noted about it.
 *
 * @param provider as in the webhook's address, such as {@code whatsapp}
 * @param tenant as in the webhook's address
 * @param receivedAt when the gateway took it in, epoch milliseconds
 * @param body the original bytes, or those of the query string; not copied, never changed
 * @param contentType as sent, or null if none was
 * @param query whether the body is the query string of a GET call
 * @param at the record of {@code raw.webhooks} it was read from, or null outside Kafka; its index
 *     does not matter, each event gets a reference with its own
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are never compared, and copying megabytes costs
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
