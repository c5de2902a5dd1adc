package io.postflight.operations.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.schema.text.EscapedText;
import java.io.PrintStream;
import java.util.List;

/** Responses of a deployment about messages, human-readable. */
public final class MessageText {
  private MessageText() {}

  /** Prints a message. */
  public static void message(JsonNode message, PrintStream out) {
    out.println(EscapedText.of(message.path("messageId").asText()));
    FieldsText.print(message, out);
    message
        .path("times")
        .properties()
        .forEach(time -> FieldsText.print("at " + time.getKey(), time.getValue().asText(), out));
    for (String part : List.of("error", "price", "attributes")) {
      message
          .path(part)
          .properties()
          .forEach(
              each -> FieldsText.print(part + '.' + each.getKey(), each.getValue().asText(), out));
    }
  }

  /** Prints an explanation. */
  public static void explanation(JsonNode explained, PrintStream out) {
    out.println(EscapedText.of(explained.at("/message/messageId").asText()));
    String line = "%-28s %-26s %-20s %s%n";
    out.printf(line, "FACT", "VALUE", "EVENT", "WHY");
    for (JsonNode fact : explained.path("facts")) {
      out.printf(
          line,
          EscapedText.of(fact.path("fact").asText()),
          EscapedText.of(fact.path("value").asText()),
          EscapedText.of(fact.path("event").asText("-")),
          fact.path("why").asText());
    }
    out.println();
    out.printf("%-26s %-12s %-11s %-20s %s%n", "RECEIVED", "STATUS", "OUTCOME", "EVENT", "DETAIL");
    for (JsonNode event : explained.path("events")) {
      out.printf(
          "%-26s %-12s %-11s %-20s %s%n",
          event.path("receivedAt").asText("-"),
          event.path("status").asText(),
          event.path("outcome").asText(),
          EscapedText.of(event.path("eventId").asText()),
          EscapedText.of(event.path("detail").asText()));
    }
    if (!explained.path("eventsComplete").asBoolean()) {
      out.println("Kafka does not have all deliveries any more, or the search took too long.");
    }
  }
}
