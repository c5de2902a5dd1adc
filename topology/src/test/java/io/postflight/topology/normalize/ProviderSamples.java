package io.postflight.topology.normalize;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** One webhook of each provider of text messages and email, with most fields that it has. */
final class ProviderSamples {
  /** The providers with a sample. */
  static final List<String> PROVIDERS =
      List.of(
          "whatsapp-onprem",
          "vonage",
          "infobip",
          "sinch",
          "messagebird",
          "sendgrid",
          "aws",
          "firetext");

  private static final String SMS =
      "{\"eventType\":\"TEXT_DELIVERED\",\"eventTimestamp\":1772352000000,\"isFinal\":true,"
          + "\"messageId\":\"m\",\"messageStatus\":\"DELIVERED\",\"totalMessagePrice\":0.005,"
          + "\"destinationPhoneNumber\":\"+34600111222\"}";

  private ProviderSamples() {}

  static RawWebhook of(String provider) {
    return RawWebhook.of(
        provider, "acme", Webhooks.RECEIVED_AT, body(provider).getBytes(StandardCharsets.UTF_8));
  }

  private static String body(String provider) {
    return switch (provider) {
      case "whatsapp-onprem" ->
          "{\"statuses\":[{\"id\":\"g\",\"status\":\"failed\",\"timestamp\":\"1772352000\","
              + "\"message\":{\"recipient_id\":\"34600\"},\"errors\":[{\"code\":470}]}]}";
      case "vonage" ->
          "{\"message_uuid\":\"u\",\"to\":\"34600\",\"timestamp\":\"2026-03-01T08:00:00Z\","
              + "\"status\":\"rejected\",\"channel\":\"sms\",\"error\":{\"title\":1000},"
              + "\"usage\":{\"price\":\"0.03\",\"currency\":\"EUR\"}}";
      case "infobip" ->
          "{\"results\":[{\"messageId\":\"m\",\"to\":\"34600\",\"doneAt\":"
              + "\"2026-03-01T08:00:00.000+0000\",\"price\":{\"pricePerMessage\":0.01},"
              + "\"status\":{\"groupId\":3,\"groupName\":\"DELIVERED\"},\"error\":{\"id\":0}}]}";
      case "sinch" ->
          "{\"type\":\"delivery_report_sms\",\"batch_id\":\"B\",\"statuses\":[{\"code\":0,"
              + "\"recipients\":[\"34600\",34601],\"status\":\"Delivered\"}]}";
      case "messagebird" ->
          "id=i&recipient=34600&status=delivery_failed&statusErrorCode=103&price%5Bamount%5D=0.02"
              + "&statusDatetime=2026-03-01T08%3A00%3A00%2B00%3A00";
      case "sendgrid" ->
          "[{\"event\":\"bounce\",\"email\":\"a@b.c\",\"timestamp\":1772352000,\"sg_event_id\":\"e\","
              + "\"sg_message_id\":\"m\",\"reason\":\"550\",\"status\":\"5.1.1\"}]";
      case "aws" ->
          "{\"records\":[{\"data\":\""
              + Base64.getEncoder().encodeToString(SMS.getBytes(StandardCharsets.UTF_8))
              + "\"}]}";
      case "firetext" ->
          "mobile=447700900000&status=1&code=101&time=2026-03-01 08:00:00&reference=r";
      default -> throw new IllegalArgumentException("no sample of " + provider);
    };
  }
}
