package io.postflight.schema.signature;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A message of SNS, as far as its signature needs it: the signature is over fields, so these, and
 * nothing within them, are read before it is verified. Texts of one object, in linear time.
 *
 * <p>What is verified must be what is read afterwards: a message with a field twice, even if one of
 * them is null, or with a field that SNS does not send, is none. Of the fields that SNS does not
 * sign ({@code UnsubscribeURL}, {@code MessageAttributes}) nothing is read.
 */
final class SnsMessage {
  private static final String NOTIFICATION = "Notification";
  private static final String SUBSCRIPTION = "SubscriptionConfirmation";
  private static final String UNSUBSCRIPTION = "UnsubscribeConfirmation";

  /** The signed fields, in their order; an absent subject is left out. */
  private static final Map<String, List<String>> SIGNED =
      Map.of(
          NOTIFICATION,
          List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
          SUBSCRIPTION,
          List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
          UNSUBSCRIPTION,
          List.of(
              "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"));

  private static final Set<String> READ =
      Set.of(
          "Message",
          "MessageId",
          "Subject",
          "SubscribeURL",
          "Timestamp",
          "Token",
          "TopicArn",
          "Type",
          "SignatureVersion",
          "Signature",
          "SigningCertURL",
          "SigningCertUrl");

  /** Sent by SNS, but not signed. */
  private static final Set<String> IGNORED =
      Set.of("UnsubscribeURL", "UnsubscribeUrl", "MessageAttributes");

  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(20)
                  .maxStringLength(4 * 1024 * 1024)
                  .build())
          .build();

  private final Map<String, String> fields;

  private SnsMessage(Map<String, String> fields) {
    this.fields = fields;
  }

  /** The message of a body; null if it is none. */
  static @Nullable SnsMessage parse(byte[] body) {
    Map<String, String> fields = new HashMap<>();
    Set<String> seen = new HashSet<>();
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      String name;
      while ((name = parser.nextFieldName()) != null) {
        JsonToken token = parser.nextToken();
        // A field that is given twice would be signed as one and read as the other.
        if (!seen.add(name) || !(READ.contains(name) || IGNORED.contains(name))) {
          return null;
        }
        if (IGNORED.contains(name)) {
          parser.skipChildren();
        } else if (token == JsonToken.VALUE_STRING) {
          fields.put(name, parser.getText());
        } else if (token != JsonToken.VALUE_NULL) {
          return null;
        }
      }
      if (parser.nextToken() != null) {
        return null;
      }
    } catch (IOException malformed) {
      return null;
    }
    return SIGNED.containsKey(fields.getOrDefault("Type", "")) && hasClearBounds(fields)
        ? new SnsMessage(fields)
        : null;
  }

  /** Only the message, the first of the signed lines, may have lines of its own. */
  private static boolean hasClearBounds(Map<String, String> fields) {
    return fields.entrySet().stream()
        .allMatch(each -> each.getKey().equals("Message") || each.getValue().indexOf('\n') < 0);
  }

  boolean isSubscription() {
    return SUBSCRIPTION.equals(fields.get("Type"));
  }

  String topic() {
    return fields.getOrDefault("TopicArn", "");
  }

  String subscribeUrl() {
    return fields.getOrDefault("SubscribeURL", "");
  }

  String certificateUrl() {
    String url = fields.get("SigningCertURL");
    return url == null ? fields.getOrDefault("SigningCertUrl", "") : url;
  }

  /** The signature, base64. */
  String signature() {
    return fields.getOrDefault("Signature", "");
  }

  /** The name of the algorithm; null if the version is not known. */
  @Nullable String algorithm() {
    return switch (fields.getOrDefault("SignatureVersion", "")) {
      case "1" -> "SHA1withRSA";
      case "2" -> "SHA256withRSA";
      default -> null;
    };
  }

  /** The text that is signed: a line for each field's name, and one for its value. */
  byte[] signedText() {
    StringBuilder text = new StringBuilder();
    for (String name : SIGNED.getOrDefault(fields.getOrDefault("Type", ""), List.of())) {
      String value = fields.get(name);
      if (value != null) {
        text.append(name).append('\n').append(value).append('\n');
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
