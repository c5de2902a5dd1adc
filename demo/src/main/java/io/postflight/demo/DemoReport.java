package io.postflight.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The result of a demonstration.
 *
 * @param requested messages and actions that were to be simulated
 * @param paced webhooks that were sent one by one after all others
 * @param received webhooks that the gateway answered 200
 * @param sent webhooks that were sent, simulated and bundled
 * @param events good events in them, repetitions included
 * @param duplicates of these, the repetitions
 * @param distinctEvents of these, the rest: each must be stored once
 * @param actions of these, actions of users; the others are about messages
 * @param messages messages that must be stored
 * @param completedByStatus completed messages as stored, by status
 * @param inFlight stored messages that are not complete
 * @param deadLetters records in the topic of dead letters, by reason
 * @param unsupported webhooks that are no message event: counted, no failure
 * @param rows rows as stored, per tier and table
 * @param pacedRecords records that were sent one by one after all others, which the latency is of
 * @param endToEndP50Millis median of the time from arrival to stored
 * @param endToEndP99Millis 99th percentile of it
 * @param feedingSeconds how long sending took
 * @param storedSeconds from the first webhook until all was stored
 * @param reconciled whether the counts reconcile
 * @param differences what does not reconcile
 * @param message one message as read through the API
 * @param timeline one user's history as read through the API
 */
public record DemoReport(
    long requested,
    long paced,
    long received,
    long sent,
    long events,
    long duplicates,
    long distinctEvents,
    long actions,
    long messages,
    Map<String, Long> completedByStatus,
    long inFlight,
    Map<String, Long> deadLetters,
    long unsupported,
    Map<String, Map<String, Long>> rows,
    long pacedRecords,
    double endToEndP50Millis,
    double endToEndP99Millis,
    double feedingSeconds,
    double storedSeconds,
    boolean reconciled,
    List<String> differences,
    JsonNode message,
    JsonNode timeline) {

  /** Prints it, human-readable: each line shows how its terms add up. */
  public void print(PrintStream out) {
    out.println();
    line(
        out,
        "simulated",
        "%d = messages + actions of users + deliberately invalid entries; bundled webhooks come"
            + " on top",
        requested);
    line(
        out,
        "webhooks",
        "%d sent = %d at once + %d one by one; %d answered 200",
        sent,
        sent - paced,
        paced,
        received);
    line(
        out,
        "events",
        "%d in them = %d distinct + %d repeated by their provider",
        events,
        distinctEvents,
        duplicates);
    line(
        out,
        "distinct events",
        "%d = %d about messages + %d actions of users",
        distinctEvents,
        distinctEvents - actions,
        actions);
    long completed = completedByStatus.values().stream().mapToLong(Long::longValue).sum();
    line(out, "messages", "%d = %d completed + %d in flight", messages, completed, inFlight);
    line(out, "completed", "%s", sum(completedByStatus));
    line(
        out,
        "dead letters",
        "%s: deliberately invalid webhooks",
        deadLetters.isEmpty() ? "none" : sum(deadLetters));
    line(out, "not message events", "%d entries, which are counted and kept raw", unsupported);
    table(out, "timeline", "a row for each distinct event of a known user");
    table(out, "message", "a row for each message");
    table(out, "message_by_time", "a row for each completed message");
    table(out, "latest", "a row for each user and type of event");
    line(
        out,
        "end to end",
        "p50 %.0f ms, p99 %.0f ms: from arrival to stored, of %d records sent one by one",
        endToEndP50Millis,
        endToEndP99Millis,
        pacedRecords);
    line(
        out,
        "time",
        "%.1f s to send the rest, all stored after %.1f s",
        feedingSeconds,
        storedSeconds);
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
          "Reconciled: every event is stored once, every message has the expected status, and"
              + " the dead letters are exactly the deliberately invalid webhooks.");
    } else {
      out.println("NOT reconciled:");
      differences.forEach(difference -> out.println("  " + difference));
    }
  }

  private static void line(PrintStream out, String name, String format, Object... values) {
    out.printf("  %-24s %s%n", name, String.format(Locale.ROOT, format, values));
  }

  private void table(PrintStream out, String table, String what) {
    Map<String, Long> byTier = new TreeMap<>();
    rows.forEach((tier, tables) -> byTier.put(tier, tables.getOrDefault(table, 0L)));
    line(out, "rows of " + table, "%s; %s", sum(byTier), what);
  }

  /** Such as {@code 5 = 2 READ + 3 SENT}. */
  private static String sum(Map<String, Long> counts) {
    long all = counts.values().stream().mapToLong(Long::longValue).sum();
    return counts.entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey())
        .collect(Collectors.joining(" + ", all + " = ", ""));
  }
}
