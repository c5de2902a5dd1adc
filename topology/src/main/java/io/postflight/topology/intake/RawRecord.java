package io.postflight.topology.intake;

import io.postflight.schema.event.RawReference;
import io.postflight.schema.topic.EntryIndices;
import io.postflight.schema.topic.RawHeaders;
import io.postflight.schema.topic.RedriveHeaders;
import io.postflight.schema.topic.RejectionReason;
import io.postflight.topology.normalize.Outcome;
import io.postflight.topology.normalize.RawWebhook;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** A record of {@code raw.webhooks}, with its headers parsed. */
public sealed interface RawRecord {
  /** How far received-at may lie after the record's timestamp: both are set by the gateway. */
  long CLOCK_TOLERANCE = 60 * 60 * 1000L;

  /**
   * A valid record.
   *
   * @param webhook the webhook
   * @param tenantsVersion version of the tenants that the gateway had read
   * @param redriven the only entries to process; null: all
   */
  record Valid(RawWebhook webhook, long tenantsVersion, @Nullable EntryIndices redriven)
      implements RawRecord {
    /** The outcomes of the entries to process. */
    public List<Outcome> selected(List<Outcome> outcomes) {
      return redriven == null || Rejections.ofWholeBody(outcomes)
          ? outcomes
          : outcomes.stream().filter(outcome -> redriven.contains(outcome.index())).toList();
    }

    /**
     * The headers of the record's events.
     *
     * @param source the headers of the record
     */
    public Headers eventHeaders(Headers source) {
      Headers headers = new RecordHeaders();
      headers.add(RawHeaders.TENANTS_VERSION, RawHeaders.number(tenantsVersion));
      RedriveHeaders.pass(source, headers);
      return headers;
    }

    /** The record, rejected as a whole. */
    Invalid rejected(RejectionReason reason, String detail) {
      return new Invalid(webhook.provider(), reason, detail);
    }
  }

  /**
   * A record with missing or invalid headers.
   *
   * @param provider null if unknown
   */
  record Invalid(@Nullable String provider, RejectionReason reason, String detail)
      implements RawRecord {}

  /**
   * Parses the headers. If the header with the time of arrival is missing, the record's timestamp
   * is used, which was set by the producer; never this machine's clock, so that reading the record
   * again gives the same events.
   *
   * @param at its partition and offset
   */
  static RawRecord read(byte @Nullable [] body, Headers headers, long recordTime, RawReference at) {
    String provider = text(headers, RawHeaders.PROVIDER);
    String tenant = text(headers, RawHeaders.TENANT);
    if (provider == null) {
      return new Invalid(null, RejectionReason.UNKNOWN_PROVIDER, missing(RawHeaders.PROVIDER));
    }
    if (tenant == null) {
      return new Invalid(provider, RejectionReason.UNKNOWN_TENANT, missing(RawHeaders.TENANT));
    }
    if (body == null) {
      return new Invalid(provider, RejectionReason.MALFORMED_BODY, "the record has no value");
    }
    try {
      long receivedAt = number(headers, RawHeaders.RECEIVED_AT, recordTime);
      if (receivedAt > Math.max(0, recordTime) + CLOCK_TOLERANCE) {
        return new Invalid(
            provider,
            RejectionReason.INTERNAL,
            "header '"
                + RawHeaders.RECEIVED_AT
                + "' is "
                + receivedAt
                + ", more than an hour after the record's timestamp");
      }
      String redriven = text(headers, RawHeaders.REDRIVE_INDICES);
      return new Valid(
          new RawWebhook(
              provider,
              tenant,
              receivedAt,
              body,
              text(headers, RawHeaders.CONTENT_TYPE),
              "GET".equals(text(headers, RawHeaders.METHOD)),
              at),
          number(headers, RawHeaders.TENANTS_VERSION, 0),
          redriven == null ? null : EntryIndices.parse(redriven));
    } catch (IllegalArgumentException invalid) {
      return new Invalid(
          provider,
          RejectionReason.INTERNAL,
          Objects.requireNonNullElse(invalid.getMessage(), "a header is invalid"));
    }
  }

  private static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static long number(Headers headers, String name, long absent) {
    Header header = headers.lastHeader(name);
    if (header == null || header.value() == null) {
      return Math.max(0, absent);
    }
    long number = RawHeaders.number(header.value());
    if (number < 0) {
      String text = new String(header.value(), StandardCharsets.UTF_8);
      throw new IllegalArgumentException(
          "header '" + name + "' is '" + excerpt(text) + "'; it must be a decimal number");
    }
    return number;
  }

  private static String excerpt(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private static String missing(String header) {
    return "header '" + header + "' is missing";
  }
}
