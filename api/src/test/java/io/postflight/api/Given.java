package io.postflight.api;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.store.EventWriter;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes messages into a store, as the sink does. */
final class Given {
  private final EventWriter store;
  private final Tier tier;

  Given(EventWriter store, Tier tier) {
    this.store = store;
    this.tier = tier;
  }

  static MessageEvent event(
      String tenant, String messageId, String user, Status status, long time) {
    return new MessageEvent(
        tenant,
        messageId,
        "e-" + messageId.hashCode() + '-' + status + '-' + time,
        user,
        "message." + status.name().toLowerCase(Locale.ROOT),
        "whatsapp",
        "WHATSAPP",
        Direction.OUTBOUND,
        status,
        status.name().toLowerCase(Locale.ROOT),
        time,
        EventTimeSource.PROVIDER,
        time + 1,
        status == Status.FAILED ? new EventError("131047", "Re-engagement", "more") : null,
        status == Status.SENT ? new Price("0.01", "EUR", "service", true) : null,
        "sender-1",
        "recipient-1",
        null,
        Map.of("conversationId", "c-1"),
        null);
  }

  static MessageEvent action(String tenant, String user, String type, long time) {
    return action(tenant, user, type, time, Map.of("sku", "A-17"));
  }

  static MessageEvent action(
      String tenant, String user, String type, long time, Map<String, String> attributes) {
    return new MessageEvent(
        tenant,
        null,
        "a-" + type + '-' + time,
        user,
        type,
        "events",
        "WEB",
        Direction.INBOUND,
        Status.ACTION,
        null,
        time,
        EventTimeSource.PROVIDER,
        time,
        null,
        null,
        null,
        null,
        null,
        attributes,
        null);
  }

  /** A message with the given statuses, one minute apart. */
  void message(String tenant, String messageId, String user, long from, Status... statuses) {
    MessageFacts facts = Facts.NONE;
    Long listedAt = null;
    long time = from;
    int revision = 0;
    for (Status status : statuses) {
      MessageEvent event = event(tenant, messageId, user, status, time);
      facts = Facts.join(facts, Facts.of(event));
      if (listedAt == null && MessageStatus.complete(facts)) {
        listedAt = time;
      }
      revision++;
      write(
          new TierRecord(
              tenant,
              List.of(new TimelineEntry(event, time, 2)),
              revision(tenant, messageId, from, listedAt, revision, facts),
              time,
              null,
              from));
      time += 60_000;
    }
  }

  void action(MessageEvent action) {
    write(
        new TierRecord(
            action.getTenant(),
            List.of(new TimelineEntry(action, action.getEventTime(), 2)),
            null,
            action.getReceivedAt(),
            null,
            null));
  }

  /** An event whose message has no row. */
  void orphan(MessageEvent event) {
    write(
        new TierRecord(
            event.getTenant(),
            List.of(new TimelineEntry(event, event.getEventTime(), 2)),
            null,
            event.getReceivedAt(),
            null,
            null));
  }

  void revision(MessageRevision revision) {
    write(
        new TierRecord(
            revision.getTenant(),
            List.of(),
            revision,
            revision.getCreatedAt(),
            null,
            revision.getCreatedAt()));
  }

  MessageRevision revision(
      String tenant,
      String messageId,
      long createdAt,
      @Nullable Long listedAt,
      int revision,
      MessageFacts facts) {
    return new MessageRevision(
        tenant, messageId, tier.name(), createdAt, listedAt, revision, 2, facts);
  }

  private void write(TierRecord record) {
    for (Row row : Rows.of(record, tier)) {
      store.write(List.of(row)).toCompletableFuture().join();
    }
  }
}
