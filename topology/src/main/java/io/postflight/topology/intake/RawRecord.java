package io.postflight.topology.intake;

import io.postflight.schema.event.RawReference;
import io.postflight.schema.topic.EntryIndices;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.RawWebhook;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** What a record of {@code raw.webhooks} says by its headers. */
sealed interface RawRecord {
  /** How far the arrival may lie after the record's own time: both come from the gateway. */
  long CLOCK_TOLERANCE = 60 * 60 * 1000L;

  /**
   * A record as the gateway writes it.
   *
   * @param webhook the webhook
   * @param tenantsVersion version of the tenants that the gateway knew
   * @param redriven the only entries to be taken; null: all
   */
  record Legible(RawWebhook webhook, long tenantsVersion, @Nullable EntryIndices redriven)
      implements RawRecord {}

  /**
   * A record that the gateway does not write so.
   *
   * @param provider as far as it is known
   */
  record Garbled(@Nullable String provider, RejectionReason reason, String detail)
      implements RawRecord {}

  /**
   * Reads the headers. The arrival is that of the header; where it is absent, the record's own time
   * stands in, which the producer stamped: never this machine's clock, so that reading the record
   * again gives the same events.
   */
  static RawRecord read(
      byte @Nullable [] body, Headers headers, long recordTime, RecordMetadata at) {
    String provider = text(headers, RawHeaders.PROVIDER);
    String tenant = text(headers, RawHeaders.TENANT);
    if (provider == null) {
      return new Garbled(null, RejectionReason.UNKNOWN_PROVIDER, missing(RawHeaders.PROVIDER));
    }
    if (tenant == null) {
      return new Garbled(provider, RejectionReason.UNKNOWN_TENANT, missing(RawHeaders.TENANT));
    }
    if (body == null) {
      return new Garbled(provider, RejectionReason.MALFORMED_BODY, "the record has no value");
    }
    try {
      long receivedAt = number(headers, RawHeaders.RECEIVED_AT, recordTime);
      if (receivedAt > Math.max(0, recordTime) + CLOCK_TOLERANCE) {
        return new Garbled(
            provider,
            RejectionReason.INTERNAL,
            "header '"
                + RawHeaders.RECEIVED_AT
                + "' says "
                + receivedAt
                + ", more than an hour after the record's own time");
      }
      String redriven = text(headers, RawHeaders.REDRIVE_INDICES);
      return new Legible(
          new RawWebhook(
              provider,
              tenant,
              receivedAt,
              body,
              text(headers, RawHeaders.CONTENT_TYPE),
              "GET".equals(text(headers, RawHeaders.METHOD)),
              new RawReference(at.partition(), at.offset(), 0)),
          number(headers, RawHeaders.TENANTS_VERSION, 0),
          redriven == null ? null : EntryIndices.parse(redriven));
    } catch (IllegalArgumentException garbled) {
      return new Garbled(
          provider,
          RejectionReason.INTERNAL,
          Objects.requireNonNullElse(garbled.getMessage(), "a header is garbled"));
    }
  }

  private static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static long number(Headers headers, String name, long absent) {
    String text = text(headers, name);
    if (text == null) {
      return Math.max(0, absent);
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException(
          "header '" + name + "' is '" + excerpt(text) + "'; it must be a decimal number");
    }
    return Long.parseLong(text);
  }

  private static String excerpt(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private static String missing(String header) {
    return "header '" + header + "' is missing";
  }
}
