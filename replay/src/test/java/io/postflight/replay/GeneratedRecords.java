package io.postflight.replay;

import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import io.postflight.store.TimelineRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Generated records of a tier, and selections of them for restores. */
final class GeneratedRecords {
  private static final Tier TIER = Tier.of("30d", Duration.ofDays(30));
  private static final String TENANT = "drill";

  private GeneratedRecords() {}

  /** A message whose event is the last one of its type, after that of an older message. */
  static String lastOfItsUser(List<TierRecord> records, String otherThan) {
    Map<String, List<TimelineRow>> byType =
        records.stream()
            .flatMap(record -> Rows.of(record, TIER).stream())
            .filter(TimelineRow.class::isInstance)
            .map(TimelineRow.class::cast)
            .filter(row -> row.event().messageId() != null)
            .filter(row -> !row.partition().subject().equals(otherThan))
            .collect(
                Collectors.groupingBy(row -> row.partition().subject() + ' ' + row.event().type()));
    return byType.values().stream()
        .filter(rows -> rows.stream().map(row -> row.event().messageId()).distinct().count() > 1)
        .map(rows -> rows.stream().max(Comparator.comparing(Row::expiryAnchorMillis)).orElseThrow())
        .map(row -> String.valueOf(row.event().messageId()))
        .filter(id -> !id.equals("drill-message-8"))
        .findFirst()
        .orElseThrow();
  }

  static String failed(List<TierRecord> records, String otherThan) {
    return records.stream()
        .flatMap(record -> record.getTimeline().stream())
        .filter(entry -> entry.getEvent().getError() != null)
        .map(entry -> String.valueOf(entry.getEvent().getMessageId()))
        .filter(id -> !id.equals(otherThan) && !id.equals("drill-message-8"))
        .findFirst()
        .orElseThrow();
  }

  /** The revision that the lifecycle derives from a redaction. */
  static TierRecord redacted(List<TierRecord> records, String id, String field) {
    MessageRevision last =
        records.stream()
            .map(TierRecord::getMessage)
            .filter(message -> message != null && message.getMessageId().equals(id))
            .reduce((earlier, later) -> later)
            .orElseThrow();
    MessageRevision next =
        MessageRevision.newBuilder(last)
            .setRevision(last.getRevision() + 1)
            .setFacts(Facts.join(last.getFacts(), Facts.redacted(List.of(field))))
            .build();
    return new TierRecord(
        TENANT, List.of(), next, next.getCreatedAt(), null, next.getCreatedAt(), null);
  }

  static List<TierRecord> lifecycles(int messages, long end) {
    DrillRecords lifecycles = new DrillRecords(TIER, messages, end, 1);
    List<TierRecord> records = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      records.addAll(lifecycles.message(i));
    }
    return records;
  }
}
