package io.postflight.topology.normalize;

import io.postflight.devstack.fuzz.LinearTime;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Normalization takes linear time for all input. */
class LinearTimeTest {
  private static final int BYTES = 200_000;

  @ParameterizedTest
  @MethodSource("providers")
  void hostile_bodies_are_read_in_linear_time(String provider) {
    shapes(provider)
        .forEach(
            (name, shape) ->
                LinearTime.check(
                    provider + ": " + name,
                    BYTES,
                    size -> shape.apply(size).getBytes(StandardCharsets.UTF_8),
                    body ->
                        Webhooks.outcomes(
                            RawWebhook.of(provider, "acme", Webhooks.RECEIVED_AT, body)
                                .withQuery(name.startsWith("query")))));
  }

  private static Set<String> providers() {
    return Normalizer.ofAllProviders().providers();
  }

  private static Map<String, IntFunction<String>> shapes(String provider) {
    Map<String, IntFunction<String>> shapes = new TreeMap<>();
    shapes.put("nested arrays", size -> "[".repeat(size));
    shapes.put("nested objects", size -> "{\"a\":".repeat(size / 5));
    shapes.put("many arrays nested a little", size -> inside(provider, nested(size)));
    shapes.put("many keys", size -> inside(provider, "{" + keys(size) + "\"z\":1}"));
    shapes.put(
        "equal keys", size -> inside(provider, "{" + "\"a\":1,".repeat(size / 6) + "\"a\":2}"));
    shapes.put("one long string", size -> inside(provider, '"' + "x".repeat(size) + '"'));
    shapes.put("many escapes", size -> inside(provider, '"' + "\\u00e9".repeat(size / 6) + '"'));
    shapes.put("lone surrogates", size -> inside(provider, '"' + "\\ud800".repeat(size / 6) + '"'));
    shapes.put("a long number", size -> inside(provider, "1".repeat(size)));
    shapes.put("many numbers", size -> inside(provider, "[" + "1e9,".repeat(size / 4) + "1]"));
    shapes.put("white space", size -> " ".repeat(size) + "{}");
    shapes.put("form of many pairs", size -> "a=b&".repeat(size / 4));
    shapes.put("form of separators", size -> "&".repeat(size));
    shapes.put("query of one long value", size -> "MessageSid=" + "%41".repeat(size / 3));
    shapes.put("wrappers in wrappers", size -> inside(provider, wrappers(size)));
    shapes.put("many wrappers", size -> inside(provider, "{" + wrappersBeside(size) + "\"z\":1}"));
    shapes.put(
        "whole numbers with exponents",
        size -> inside(provider, "[" + "1.7958887E12,".repeat(size / 13) + "1]"));
    shapes.put("query of plus signs", size -> "Body=" + "+".repeat(size));
    return shapes;
  }

  /** Values at all names that the adapter reads. */
  private static String inside(String provider, String value) {
    return switch (provider) {
      case "whatsapp" ->
          "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[{\"field\":"
              + "\"messages\",\"value\":{\"metadata\":{\"phone_number_id\":\"1\"},\"statuses\":[{"
              + "\"id\":\"m\",\"status\":\"sent\",\"timestamp\":\"1760700001\",\"recipient_id\":\"1\","
              + "\"conversation\":"
              + value
              + ",\"errors\":"
              + value
              + "}]}}]}]}";
      case "wasender" ->
          "{\"event\":\"messages.upsert\",\"timestamp\":1760700001,\"data\":{\"messages\":[{\"key\":{"
              + "\"id\":\"a\",\"remoteJid\":\"1@c.us\"},\"message\":{\"conversation\":"
              + value
              + ",\"extra\":"
              + value
              + ",\"ephemeralMessage\":{\"message\":"
              + value
              + "}}}]}}";
      case "twilio" ->
          "[{\"specversion\":\"1.0\",\"type\":\"com.twilio.messaging.message.sent\",\"id\":\"1\","
              + "\"time\":\"2026-05-31T10:00:00Z\",\"data\":{\"messageSid\":\"SM1\",\"extra\":"
              + value
              + "},\"more\":"
              + value
              + "}]";
      case "whatsapp-onprem" ->
          "{\"statuses\":[{\"id\":\"m\",\"status\":\"sent\",\"errors\":"
              + value
              + ",\"recipient_id\":"
              + value
              + "}],\"contacts\":"
              + value
              + "}";
      case "vonage" ->
          "{\"message_uuid\":\"m\",\"status\":\"read\",\"error\":"
              + value
              + ",\"to\":"
              + value
              + "}";
      case "infobip" ->
          "{\"results\":"
              + value
              + ",\"results\":[{\"messageId\":\"m\",\"status\":"
              + value
              + ",\"to\":"
              + value
              + "}]}";
      case "sinch" ->
          "{\"type\":\"delivery_report_sms\",\"batch_id\":\"B\",\"statuses\":[{\"status\":"
              + "\"Delivered\",\"recipients\":"
              + value
              + "}],\"message_delivery_report\":"
              + value
              + "}";
      case "messagebird" ->
          "{\"type\":\"message.created\",\"message\":{\"id\":\"m\",\"status\":\"sent\",\"content\":"
              + value
              + "},\"contact\":"
              + value
              + "}";
      case "sendgrid" ->
          "[{\"event\":\"open\",\"sg_message_id\":\"m\",\"reason\":"
              + value
              + ",\"category\":"
              + value
              + "}]";
      case "aws" ->
          "{\"Type\":\"Notification\",\"TopicArn\":\"a\",\"Message\":"
              + value
              + ",\"mail\":"
              + value
              + ",\"records\":[{\"data\":"
              + value
              + "}]}";
      default ->
          "[{\"messageId\":\"m\",\"status\":\"READ\",\"eventTime\":\"2026-05-31T10:00:00Z\","
              + "\"attributes\":{\"a\":"
              + value
              + "},\"body\":"
              + value
              + "}]";
    };
  }

  private static String nested(int size) {
    String one = "[".repeat(50) + "]".repeat(50);
    return "[" + (one + ",").repeat(size / 101) + "1]";
  }

  private static String wrappers(int size) {
    String one = "{\"a\":{\"message\":".repeat(20) + "1" + "}}".repeat(20);
    return "[" + (one + ",").repeat(size / 340) + "1]";
  }

  private static String wrappersBeside(int size) {
    StringBuilder wrappers = new StringBuilder(size + 32);
    for (int i = 0; wrappers.length() < size; i++) {
      wrappers.append("\"w").append(i).append("\":{\"message\":{\"a\":1}},");
    }
    return wrappers.toString();
  }

  private static String keys(int size) {
    StringBuilder keys = new StringBuilder(size + 16);
    for (int i = 0; keys.length() < size; i++) {
      keys.append('"').append(Integer.toString(i, 36)).append("\":1,");
    }
    return keys.toString();
  }
}
