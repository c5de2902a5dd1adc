package io.postflight.devstack.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.postflight.schema.event.Status;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event decoded from a body, independently of the simulator and the adapters.
 *
 * @param messageId null for an action
 * @param status null if unknown
 */
record DecodedEvent(@Nullable String messageId, @Nullable Status status, @Nullable String userId) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static List<DecodedEvent> in(SimulatedWebhook webhook) throws IOException {
    return switch (webhook.provider()) {
      case "whatsapp" -> whatsapp(JSON.readTree(webhook.body()));
      case "wasender" -> wasender(JSON.readTree(webhook.body()));
      case "twilio" -> twilio(new String(webhook.body(), StandardCharsets.UTF_8));
      case "messagebird" -> formStatus(webhook, "id", "recipient");
      case "firetext" -> formStatus(webhook, "reference", "mobile");
      case "whatsapp-onprem" ->
          status(webhook, "/statuses/0/id", "/statuses/0/status", "/statuses/0/recipient_id");
      case "vonage" -> status(webhook, "/message_uuid", "/status", "/to");
      case "infobip" ->
          status(webhook, "/results/0/messageId", "/results/0/status/groupName", "/results/0/to");
      case "sendgrid" -> status(webhook, "/0/sg_message_id", "/0/event", "/0/email");
      case "aws" -> status(webhook, "/messageId", "/messageStatus", "/destinationPhoneNumber");
      case "sinch" -> {
        JsonNode report = JSON.readTree(webhook.body());
        String recipient = report.path("recipient").asText();
        yield List.of(
            new DecodedEvent(
                report.path("batch_id").asText() + '/' + recipient,
                providerStatus(report.path("status").asText()),
                recipient));
      }
      default -> events(JSON.readTree(webhook.body()));
    };
  }

  private static List<DecodedEvent> whatsapp(JsonNode body) {
    List<DecodedEvent> decoded = new ArrayList<>();
    for (JsonNode change : body.at("/entry/0/changes")) {
      for (JsonNode status : change.at("/value/statuses")) {
        decoded.add(
            new DecodedEvent(
                text(status, "id"),
                providerStatus(text(status, "status")),
                text(status, "recipient_id")));
      }
      for (JsonNode message : change.at("/value/messages")) {
        decoded.add(new DecodedEvent(text(message, "id"), Status.RECEIVED, text(message, "from")));
      }
    }
    return decoded;
  }

  private static List<DecodedEvent> wasender(JsonNode body) {
    if (body.path("event").asText().equals("messages.upsert")) {
      JsonNode key = body.at("/data/messages/0/key");
      return List.of(new DecodedEvent(text(key, "id"), Status.RECEIVED, user(key)));
    }
    JsonNode key = body.at("/data/key");
    if (body.path("event").asText().equals("message.sent")) {
      return List.of(new DecodedEvent(text(key, "id"), Status.SENT, user(key)));
    }
    Map<Integer, Status> meanings =
        Map.of(
            0,
            Status.FAILED,
            2,
            Status.SENT,
            3,
            Status.DELIVERED,
            4,
            Status.READ,
            5,
            Status.PLAYED);
    int number = body.at("/data/update/status").asInt();
    return List.of(new DecodedEvent(text(key, "id"), meanings.get(number), user(key)));
  }

  private static List<DecodedEvent> status(
      SimulatedWebhook webhook, String id, String status, String user) throws IOException {
    JsonNode body = JSON.readTree(webhook.body());
    return List.of(
        new DecodedEvent(
            body.at(id).asText(),
            providerStatus(body.at(status).asText()),
            body.at(user).asText()));
  }

  private static List<DecodedEvent> formStatus(SimulatedWebhook webhook, String id, String user) {
    Map<String, String> fields = fields(new String(webhook.body(), StandardCharsets.UTF_8));
    return List.of(
        new DecodedEvent(fields.get(id), providerStatus(fields.get("status")), fields.get(user)));
  }

  private static Map<String, String> fields(String form) {
    Map<String, String> fields = new HashMap<>();
    for (String field : form.split("&")) {
      int equals = field.indexOf('=');
      fields.put(
          field.substring(0, equals),
          URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return fields;
  }

  private static List<DecodedEvent> twilio(String form) {
    Map<String, String> fields = fields(form);
    String address =
        fields.getOrDefault("SmsStatus", "").equals("received")
            ? fields.get("From")
            : fields.get("To");
    return List.of(
        new DecodedEvent(
            fields.get("MessageSid"),
            providerStatus(fields.get("SmsStatus")),
            address == null ? null : address.replace("whatsapp:", "").replace("+", "")));
  }

  private static List<DecodedEvent> events(JsonNode body) {
    List<DecodedEvent> decoded = new ArrayList<>();
    for (JsonNode event : body.isArray() ? body : JSON.createArrayNode().add(body)) {
      decoded.add(
          new DecodedEvent(
              text(event, "messageId"),
              event.has("messageId") ? providerStatus(text(event, "status")) : Status.ACTION,
              text(event, "userId")));
    }
    return decoded;
  }

  private static @Nullable Status providerStatus(@Nullable String providerStatus) {
    return switch (String.valueOf(providerStatus).toLowerCase(Locale.ROOT)) {
      case "accepted" -> Status.ACCEPTED;
      case "queued" -> Status.QUEUED;
      case "sending" -> Status.SENDING;
      case "sent" -> Status.SENT;
      case "delivered", "0" -> Status.DELIVERED;
      case "read" -> Status.READ;
      case "played" -> Status.PLAYED;
      case "failed", "undelivered", "rejected", "delivery_failed" -> Status.FAILED;
      case "canceled" -> Status.CANCELED;
      case "expired" -> Status.EXPIRED;
      case "received" -> Status.RECEIVED;
      case "deleted" -> Status.ANNOTATION;
      default -> null;
    };
  }

  private static String user(JsonNode key) {
    return key.path("remoteJid").asText().replace("@s.whatsapp.net", "");
  }

  private static @Nullable String text(JsonNode node, String name) {
    return node.has(name) ? node.get(name).asText() : null;
  }
}
