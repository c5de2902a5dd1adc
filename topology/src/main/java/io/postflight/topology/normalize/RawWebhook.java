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

  /** The body of a POST, outside of Kafka. */
  public static RawWebhook of(String provider, String tenant, long receivedAt, byte[] body) {
    return new RawWebhook(provider, tenant, receivedAt, body, null, false, null);
  }

  /** A copy with a content type; null: none was sent. */
  public RawWebhook withContentType(@Nullable String type) {
    return new RawWebhook(provider, tenant, receivedAt, body, type, query, at);
  }

  /** A copy whose body is, or is not, the query string of a GET request. */
  public RawWebhook withQuery(boolean isQuery) {
    return new RawWebhook(provider, tenant, receivedAt, body, contentType, isQuery, at);
  }
}
