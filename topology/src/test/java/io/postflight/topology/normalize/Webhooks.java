package io.postflight.topology.normalize;

import io.postflight.schema.event.MessageEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Webhooks for tests, and their outcomes. */
public final class Webhooks {
  /** Default time of arrival. */
  public static final long RECEIVED_AT = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();

  private static final Normalizer NORMALIZER = Normalizer.ofAllProviders();

  private Webhooks() {}

  /** A JSON body. */
  public static RawWebhook json(String provider, String body) {
    return bytes(provider, body.getBytes(StandardCharsets.UTF_8));
  }

  /** A JSON body, byte by byte. */
  public static RawWebhook bytes(String provider, byte[] body) {
    return RawWebhook.of(provider, "acme", RECEIVED_AT, body).withContentType("application/json");
  }

  /** An encoded form. */
  public static RawWebhook form(String body) {
    return form(body, RECEIVED_AT);
  }

  /** An encoded form that arrives at some time. */
  public static RawWebhook form(String body, long receivedAt) {
    return RawWebhook.of("twilio", "acme", receivedAt, body.getBytes(StandardCharsets.UTF_8))
        .withContentType("application/x-www-form-urlencoded; charset=utf-8");
  }

  /** A fixture of the folder {@code webhooks}. */
  public static RawWebhook fixture(String provider, String file) {
    try (InputStream in =
        Webhooks.class.getResourceAsStream("/io/postflight/topology/webhooks/" + file)) {
      if (in == null) {
        throw new AssertionError("no fixture " + file);
      }
      return bytes(provider, in.readAllBytes());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A status webhook of WhatsApp around these statuses, separated by commas. */
  public static String whatsAppStatuses(String statuses) {
    return "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[{"
        + "\"value\":{\"messaging_product\":\"whatsapp\",\"metadata\":{\"phone_number_id\":\"5\"},"
        + "\"statuses\":["
        + statuses
        + "]},\"field\":\"messages\"}]}]}";
  }

  /** A status of WhatsApp. */
  public static String whatsAppStatus(String id, String status, String timestamp) {
    return "{\"id\":\""
        + id
        + "\",\"status\":\""
        + status
        + "\",\"timestamp\":\""
        + timestamp
        + "\",\"recipient_id\":\"34600111222\"}";
  }

  public static List<Outcome> outcomes(RawWebhook webhook) {
    return NORMALIZER.normalize(webhook);
  }

  /** The events of a webhook none of whose entries is rejected. */
  public static List<MessageEvent> events(RawWebhook webhook) {
    return outcomes(webhook).stream().map(Webhooks::event).toList();
  }

  /** The one event of a webhook. */
  public static MessageEvent event(RawWebhook webhook) {
    List<MessageEvent> events = events(webhook);
    if (events.size() != 1) {
      throw new AssertionError("one event expected, got " + events);
    }
    return events.get(0);
  }

  /** The one rejection of a webhook. */
  public static Outcome.Rejected rejection(RawWebhook webhook) {
    List<Outcome> outcomes = outcomes(webhook);
    if (outcomes.size() == 1 && outcomes.get(0) instanceof Outcome.Rejected rejected) {
      return rejected;
    }
    throw new AssertionError("one rejection expected, got " + outcomes);
  }

  private static MessageEvent event(Outcome outcome) {
    if (outcome instanceof Outcome.Accepted accepted) {
      return accepted.event();
    }
    throw new AssertionError("an event expected, got " + outcome);
  }
}
