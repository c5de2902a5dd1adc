package io.postflight.demo;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The result of a demonstration, with what was sent and what is stored.
 *
 * @param simulated what was simulated
 * @param webhooks webhooks that were sent
 * @param events events in them
 * @param stored messages and rows in the database
 * @param rejected what was not stored
 * @param timing durations
 * @param result whether all of it is as expected, with examples
 */
public record DemoReport(
    @JsonUnwrapped SimulatedCounts simulated,
    @JsonUnwrapped WebhookCounts webhooks,
    @JsonUnwrapped EventCounts events,
    @JsonUnwrapped StoredCounts stored,
    @JsonUnwrapped RejectedEntries rejected,
    @JsonUnwrapped Timing timing,
    @JsonUnwrapped ReconciliationResult result) {
  /**
   * What was simulated.
   *
   * @param requested all of it
   * @param simulatedMessages of these, messages with a valid event
   * @param simulatedActions of these, actions of users; the others have no valid event, on purpose
   */
  public record SimulatedCounts(long requested, long simulatedMessages, long simulatedActions) {}

  /**
   * Webhooks that were sent.
   *
   * @param paced webhooks that were sent one by one after all others
   * @param received webhooks that the gateway answered 200
   * @param sent webhooks that were sent, simulated and bundled
   */
  public record WebhookCounts(long paced, long received, long sent) {}

  /**
   * Events in the webhooks.
   *
   * @param events valid events, including duplicates
   * @param duplicates of these, the duplicates
   * @param distinctEvents of these, the others: each must be stored once
   * @param actions of these, actions of users; the others are about messages
   */
  public record EventCounts(long events, long duplicates, long distinctEvents, long actions) {}

  /**
   * Messages and rows in the database.
   *
   * @param messages messages that must be stored
   * @param completedByStatus completed messages as stored, by status
   * @param inFlight stored messages that are not complete
   * @param rows rows as stored, per tier and table
   */
  public record StoredCounts(
      long messages,
      Map<String, Long> completedByStatus,
      long inFlight,
      Map<String, Map<String, Long>> rows) {}

  /**
   * Entries that are not stored.
   *
   * @param deadLetters records in the topic of dead letters, by reason
   * @param unsupported webhooks that are no message event: counted, no failure
   */
  public record RejectedEntries(Map<String, Long> deadLetters, long unsupported) {}

  /**
   * Durations.
   *
   * @param pacedRecords records that were sent one by one after all others
   * @param endToEndP50Millis median of their time from arrival to stored
   * @param endToEndP99Millis 99th percentile of it
   * @param feedingSeconds duration of sending
   * @param storedSeconds from the first webhook until all was stored
   */
  public record Timing(
      long pacedRecords,
      double endToEndP50Millis,
      double endToEndP99Millis,
      double feedingSeconds,
      double storedSeconds) {
    static Timing of(Latencies latencies, Duration feeding, Duration storing) {
      return new Timing(
          latencies.count(),
          latencies.percentile(0.5),
          latencies.percentile(0.99),
          feeding.toMillis() / 1e3,
          storing.toMillis() / 1e3);
    }
  }

  /**
   * Whether everything is as expected, and examples read through the API.
   *
   * @param reconciled whether the counts reconcile
   * @param differences differences, with examples
   * @param message one message
   * @param timeline one user's history
   */
  public record ReconciliationResult(
      boolean reconciled, List<String> differences, JsonNode message, JsonNode timeline) {}

  /** Prints it, human-readable: each line is a sum with its terms. */
  public void print(PrintStream out) {
    out.println();
    line(
        out,
        "simulated",
        "%d = %d messages + %d actions of users + %d deliberately invalid",
        simulated.requested(),
        simulated.simulatedMessages(),
        simulated.simulatedActions(),
        simulated.requested() - simulated.simulatedMessages() - simulated.simulatedActions());
    line(
        out,
        "bundled",
        "messages: %d, actions: %d; in recorded webhooks of each provider",
        stored.messages() - simulated.simulatedMessages(),
        events.actions() - simulated.simulatedActions());
    line(
        out,
        "webhooks",
        "%d sent = %d at once + %d one by one; %d answered 200",
        webhooks.sent(),
        webhooks.sent() - webhooks.paced(),
        webhooks.paced(),
        webhooks.received());
    line(
        out,
        "events",
        "%d in them = %d distinct + %d repeated by their provider",
        events.events(),
        events.distinctEvents(),
        events.duplicates());
    line(
        out,
        "distinct events",
        "%d = %d about messages + %d actions of users",
        events.distinctEvents(),
        events.distinctEvents() - events.actions(),
        events.actions());
    Map<String, Long> completedByStatus = stored.completedByStatus();
    long completed = completedByStatus.values().stream().mapToLong(Long::longValue).sum();
    line(
        out,
        "messages",
        "%d, bundled ones included = %d completed + %d in flight",
        stored.messages(),
        completed,
        stored.inFlight());
    line(out, "completed", "%s", sum(completedByStatus));
    line(
        out,
        "dead letters",
        "%s: deliberately invalid webhooks",
        rejected.deadLetters().isEmpty() ? "none" : sum(rejected.deadLetters()));
    line(out, "not message events", "%d, which are counted and kept raw", rejected.unsupported());
    long timeline =
        stored.rows().values().stream().mapToLong(rows -> rows.getOrDefault("timeline", 0L)).sum();
    table(
        out,
        "timeline",
        "a row for each distinct event except %d, of messages whose user no event names"
            .formatted(events.distinctEvents() - timeline));
    table(out, "message", "a row for each message");
    table(out, "message_by_time", "a row for each completed message");
    line(
        out,
        "end to end",
        "p50 %.0f ms, p99 %.0f ms: from arrival to stored, of the %d events and changes of"
            + " messages that the %d webhooks sent one by one led to",
        timing.endToEndP50Millis(),
        timing.endToEndP99Millis(),
        timing.pacedRecords(),
        webhooks.paced());
    line(
        out,
        "time",
        "%.1f s to send the webhooks before these; everything was stored after %.1f s",
        timing.feedingSeconds(),
        timing.storedSeconds());
    out.println();
    out.println("One message, as read through the API:");
    out.println(result.message().toPrettyString());
    out.println();
    out.println("Its user's history, newest first:");
    result
        .timeline()
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
    if (result.reconciled()) {
      out.println(
          "Reconciled: every event is stored once, every message has the expected status, and"
              + " the dead letters are exactly the deliberately invalid webhooks.");
    } else {
      out.println("NOT reconciled:");
      result.differences().forEach(difference -> out.println("  " + difference));
    }
  }

  private static void line(PrintStream out, String name, String format, Object... values) {
    out.printf("  %-24s %s%n", name, String.format(Locale.ROOT, format, values));
  }

  private void table(PrintStream out, String table, String what) {
    Map<String, Long> byTier = new TreeMap<>();
    stored.rows().forEach((tier, tables) -> byTier.put(tier, tables.getOrDefault(table, 0L)));
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
