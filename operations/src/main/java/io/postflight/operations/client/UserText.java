package io.postflight.operations.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;

/** Responses of a deployment about users, human-readable. */
public final class UserText {
  private UserText() {}

  /** Prints a page of a timeline. */
  public static void timeline(JsonNode page, PrintStream out) {
    String line = "%-26s %-20s %-9s %s%n";
    out.printf(line, "TIME", "TYPE", "CHANNEL", "MESSAGE");
    for (JsonNode item : page.path("items")) {
      out.printf(
          line,
          item.path("eventTime").asText(),
          item.path("type").asText(),
          item.path("channel").asText(),
          item.hasNonNull("messageId")
              ? item.get("messageId").asText()
              : item.path("attributes").toString());
    }
    if (page.path("partial").asBoolean() || page.hasNonNull("nextCursor")) {
      out.println("More events exist: raise --limit, or narrow --since and --until.");
    }
  }

  /** Prints the ids of a person. */
  public static void identity(JsonNode identity, PrintStream out) {
    String line = "%-9s %-26s %-26s %s%n";
    out.printf(line, "KIND", "FROM", "UNTIL", "ID");
    for (JsonNode alias : identity.path("aliases")) {
      out.printf(
          line,
          alias.path("kind").asText(),
          time(alias, "from"),
          time(alias, "until"),
          alias.path("id").asText());
    }
    if (identity.path("truncated").asBoolean()) {
      out.println("The person has more ids: reads and erasures cover these.");
    }
  }

  private static String time(JsonNode alias, String field) {
    return alias.hasNonNull(field) ? alias.get(field).asText() : "";
  }
}
