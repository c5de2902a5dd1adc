package io.postflight.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a demonstration found.
 *
 * @param received webhooks that the gateway answered 200
 * @param events good events in them, repetitions included
 * @param duplicates of these, the repetitions
 * @param distinctEvents of these, the rest: each must be stored once
 * @param messages messages that must be known
 * @param completedByStatus completed messages as stored, by status
 * @param inFlight messages as stored whose life is not over
 * @param deadLetters records in the topic of dead letters, by reason
 * @param unsupported webhooks that are no message event: counted, no failure
 * @param rows rows as stored, per tier and table
 * @param endToEndP50Millis median of the time from arrival to stored
 * @param endToEndP99Millis 99th percentile of it
 * @param feedingSeconds how long sending took
 * @param storedSeconds from the first webhook until all was stored
 * @param reconciled whether the books balance
 * @param differences what does not balance, in words
 * @param message one message as read through the API
 * @param timeline one user's history as read through the API
 */
public record DemoReport(
    long received,
    long events,
    long duplicates,
    long distinctEvents,
    long messages,
    Map<String, Long> completedByStatus,
    long inFlight,
    Map<String, Long> deadLetters,
    long unsupported,
    Map<String, Map<String, Long>> rows,
    double endToEndP50Millis,
    double endToEndP99Millis,
    double feedingSeconds,
    double storedSeconds,
    boolean reconciled,
    List<String> differences,
    JsonNode message,
    JsonNode timeline) {

  /** Prints it for people. */
  public void print(PrintStream out) {
    out.println();
    line(out, "received", received + " webhooks");
    line(
        out,
        "events",
        events + ", of which " + duplicates + " duplicates; " + distinctEvents + " to be stored");
    line(out, "messages", messages + ", of which " + inFlight + " still in flight");
    line(out, "completed", inWords(completedByStatus));
    line(out, "dead letters", deadLetters.isEmpty() ? "none" : inWords(deadLetters));
    line(out, "not message events", Long.toString(unsupported));
    rows.forEach((tier, tables) -> line(out, "rows in " + tier, inWords(tables)));
    line(
        out,
        "end to end",
        String.format(
            Locale.ROOT, "p50 %.0f ms, p99 %.0f ms", endToEndP50Millis, endToEndP99Millis));
    line(
        out,
        "time",
        String.format(
            Locale.ROOT, "%.1f s to send, all stored after %.1f s", feedingSeconds, storedSeconds));
    out.println();
    out.println("One message, as read through the API:");
    out.println(message.toPrettyString());
    out.println();
    out.println("Its user's history, newest first:");
    timeline
        .path("items")
        .forEach(
            item ->
                out.println(
                    "  "
                        + item.path("eventTime").asText()
                        + "  "
                        + item.path("type").asText()
                        + "  "
                        + item.path("messageId").asText()));
    out.println();
    if (reconciled) {
      out.println(
          "The books balance: every event is stored once, every message has the status that its life"
              + " demands, and in the dead letters is only what was put wrong on purpose.");
    } else {
      out.println("The books DO NOT balance:");
      differences.forEach(difference -> out.println("  " + difference));
    }
  }

  private static void line(PrintStream out, String name, String value) {
    out.printf("  %-19s %s%n", name, value);
  }

  private static String inWords(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(count -> count.getKey() + " " + count.getValue())
        .collect(Collectors.joining(", "));
  }
}
