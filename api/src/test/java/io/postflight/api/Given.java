package io.postflight.api;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.identity.IdentityRecord;
import io.postflight.schema.identity.LinkUpdates;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes messages into a store, as the sink does. */
final class Given {
  private final EventWriter store;
  private final Tier tier;
  private final Map<String, List<AliasLink>> links = new HashMap<>();
  private long updates;

  Given(EventWriter store, Tier tier) {
    this.store = store;
    this.tier = tier;
  }

  static MessageEvent event(
      String tenant, String messageId, String user, Status status, long time) {
    return builder(tenant, messageId, user, status, time).build();
  }

  /** A builder of an event like {@link #event}. */
  static MessageEvent.Builder builder(
      String tenant, String messageId, String user, Status status, long time) {
    return MessageEvent.newBuilder()
        .setTenant(tenant)
        .setMessageId(messageId)
        .setEventId("e-" + messageId.hashCode() + '-' + status + '-' + time)
        .setUserId(user)
        .setType("message." + status.name().toLowerCase(Locale.ROOT))
        .setProvider("whatsapp")
        .setChannel("WHATSAPP")
        .setDirection(Direction.OUTBOUND)
        .setStatus(status)
        .setProviderStatus(status.name().toLowerCase(Locale.ROOT))
        .setEventTime(time)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(time + 1)
        .setError(
            status == Status.FAILED ? new EventError("131047", "Re-engagement", "more") : null)
        .setPrice(status == Status.SENT ? new Price("0.01", "EUR", "service", true) : null)
        .setSender("sender-1")
        .setRecipient("recipient-1")
        .setAttributes(Map.of("conversationId", "c-1"));
  }

  static MessageEvent action(String tenant, String user, String type, long time) {
    return action(tenant, user, type, time, Map.of("sku", "A-17"));
  }

  static MessageEvent action(
      String tenant, String user, String type, long time, Map<String, String> attributes) {
    return MessageEvent.newBuilder()
        .setTenant(tenant)
        .setEventId("a-" + type + '-' + time)
        .setUserId(user)
        .setType(type)
        .setProvider("events")
        .setChannel("WEB")
        .setDirection(Direction.INBOUND)
        .setStatus(Status.ACTION)
        .setEventTime(time)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(time)
        .setAttributes(attributes)
        .build();
  }

  /** An action whose event names another id of the person. */
  static MessageEvent actionNaming(
      String tenant, String user, String alias, String type, long time) {
    return MessageEvent.newBuilder(action(tenant, user, type, time))
        .setAliases(List.of(alias))
        .build();
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
              from,
              null));
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
            null,
            null));
  }

  /** Links as of an event that names several ids of one person. */
  void named(String tenant, long at, String... ids) {
    learn(new IdentityRecord(tenant, at, at, Stream.of(ids).sorted().toList(), List.of(), null));
  }

  /** Links as of a change of numbers. */
  void moved(String tenant, long at, String from, String to) {
    learn(
        new IdentityRecord(
            tenant, at, at, Stream.of(from, to).sorted().toList(), List.of(from), null));
  }

  private void learn(IdentityRecord named) {
    LinkUpdates.of(named)
        .forEach(
            (id, more) -> {
              List<AliasLink> all =
                  links.merge(
                      named.getTenant() + '|' + id,
                      more,
                      (known, added) -> LinkUpdates.join(id, known, added));
              updates++;
              write(
                  new TierRecord(
                      named.getTenant(),
                      List.of(),
                      null,
                      named.getAt(),
                      null,
                      null,
                      new AliasLinks(named.getTenant(), id, named.getAt() + updates, all)));
            });
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
            revision.getCreatedAt(),
            null));
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
