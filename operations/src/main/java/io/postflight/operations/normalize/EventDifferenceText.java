package io.postflight.operations.normalize;

import com.fasterxml.jackson.databind.JsonNode;
import io.postflight.operations.deadletter.DeadLetterText;
import io.postflight.operations.normalize.EventDifference.FieldChange;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.RawReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formats differences for a terminal; their content is not trusted. */
public final class EventDifferenceText {
  private static final int VALUE = 100;

  private EventDifferenceText() {}

  /** One line. */
  public static String line(EventDifference difference) {
    MessageEvent event = difference.event();
    RawReference raw = event.getRaw();
    return String.join(
        "  ",
        difference.kind().name().toLowerCase(Locale.ROOT),
        event.getProvider(),
        DeadLetterText.word(event.getTenant()),
        DeadLetterText.word(event.getEventId()),
        DeadLetterText.word(event.getMessageId()),
        raw == null
            ? "-"
            : "raw.webhooks-%d@%d entry %d"
                .formatted(raw.getPartition(), raw.getOffset(), raw.getIndex()),
        difference.kind() == EventDifference.DifferenceKind.CHANGED
            ? difference.changes().stream()
                .map(EventDifferenceText::change)
                .collect(Collectors.joining("; "))
            : DeadLetterText.word(event.getType()));
  }

  private static String change(FieldChange change) {
    return "%s: %s -> %s"
        .formatted(DeadLetterText.word(change.field()), value(change.then()), value(change.now()));
  }

  private static String value(@Nullable JsonNode value) {
    if (value == null) {
      return "none";
    }
    String text = DeadLetterText.word(value.toString());
    return text.length() <= VALUE ? text : text.substring(0, VALUE - 1) + '…';
  }

  /**
   * The numbers, and what was left out.
   *
   * @param apply whether differences were appended
   */
  public static List<String> lines(NormalizeReplayReport report, boolean apply) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d webhooks read, %,d events compared: %,d new, %,d changed, %,d gone; %,d rejected"
            .formatted(
                report.records(),
                report.events(),
                report.added(),
                report.changed(),
                report.gone(),
                report.rejected()));
    if (apply) {
      lines.add(
          "%,d events appended%s"
              .formatted(
                  report.applied(),
                  report.gone() == 0 ? "" : "; those that are gone remain as they were"));
    }
    count(report.skippedErased(), "differences left out, since their data was erased", lines);
    count(
        report.skippedTenants(),
        "webhooks not compared: their tenant does not exist, or its tier is not configured",
        lines);
    count(
        report.skippedOld(),
        "webhooks not compared: they arrived before what the topic 'events' retains",
        lines);
    count(
        report.rawDeleted(),
        "events not compared: their webhooks are no longer in 'raw.webhooks'",
        lines);
    count(report.unreadable(), "records of 'events' not compared: they cannot be decoded", lines);
    count(
        report.notNormalized(),
        "offsets not compared: the normalizer has not processed them",
        lines);
    return lines;
  }

  private static void count(long number, String what, List<String> lines) {
    if (number > 0) {
      lines.add("%,d %s".formatted(number, what));
    }
  }
}
