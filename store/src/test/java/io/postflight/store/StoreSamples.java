package io.postflight.store;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.tenant.ShardVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Records as the topology sends them. */
public final class StoreSamples {
  /** One shard for all time. */
  public static final List<ShardVersion> ONE_SHARD = List.of(new ShardVersion(1, 0L));

  private StoreSamples() {}

  /** An event of a message with all fields. */
  public static MessageEvent event(
      String tenant, String userId, String messageId, Status status, long time) {
    return builder(tenant, userId, messageId, status, time).build();
  }

  /** A builder of an event like {@link #event}. */
  public static MessageEvent.Builder builder(
      String tenant, String userId, String messageId, Status status, long time) {
    return MessageEvent.newBuilder()
        .setTenant(tenant)
        .setMessageId(messageId)
        .setEventId(messageId + "-" + status + "-" + time)
        .setUserId(userId)
        .setType("message." + status.name().toLowerCase(Locale.ROOT))
        .setProvider("whatsapp")
        .setChannel("WHATSAPP")
        .setDirection(Direction.OUTBOUND)
        .setStatus(status)
        .setProviderStatus(status.name().toLowerCase(Locale.ROOT))
        .setEventTime(time)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(time + 250)
        .setError(
            status == Status.FAILED ? new EventError("131047", "Re-engagement", "24 h over") : null)
        .setPrice(
            status == Status.SENT ? new Price("0.0042", "EUR", "service", Boolean.TRUE) : null)
        .setSender("+4930123")
        .setRecipient("+593990000525")
        .setBody(status == Status.SENT ? "Grüße, 你好" : null)
        .setAttributes(Map.of("conversationId", "c-" + messageId, "origin", "service"));
  }

  /** An action of a user. */
  public static MessageEvent action(String tenant, String userId, String type, long time) {
    return actionBuilder(tenant, userId, type, time).build();
  }

  /** A builder of an action like {@link #action}. */
  public static MessageEvent.Builder actionBuilder(
      String tenant, String userId, String type, long time) {
    return builder(tenant, userId, "a", Status.ACTION, time)
        .setMessageId(null)
        .setEventId(type + "-" + time)
        .setType(type)
        .setProviderStatus(null)
        .setBody(null)
        .setAttributes(Map.of("sku", "42"));
  }

  /** A record with one timeline entry. */
  public static TierRecord timeline(MessageEvent event, int shards) {
    long anchor = Math.min(event.getEventTime(), event.getReceivedAt());
    return new TierRecord(
        event.getTenant(),
        List.of(new TimelineEntry(event, anchor, shards)),
        null,
        event.getReceivedAt(),
        null,
        null,
        null);
  }

  /** A record with one message. */
  public static TierRecord message(MessageRevision message) {
    return new TierRecord(
        message.getTenant(),
        List.of(),
        message,
        message.getCreatedAt(),
        null,
        message.getCreatedAt(),
        null);
  }

  /** A record with the links of an id. */
  public static TierRecord identity(
      String tenant, String alias, long updatedAt, AliasLink... links) {
    return TierRecord.newBuilder()
        .setTenant(tenant)
        .setArrivedAt(updatedAt)
        .setIdentity(new AliasLinks(tenant, alias, updatedAt, List.of(links)))
        .build();
  }

  /** The records of a message whose events are processed in this order. */
  public static List<TierRecord> lifecycle(String tier, MessageEvent... events) {
    List<TierRecord> records = new ArrayList<>();
    MessageFacts facts = Facts.NONE;
    long createdAt = events[0].getEventTime();
    Long listedAt = null;
    int revision = 0;
    for (MessageEvent event : events) {
      facts = Facts.join(facts, Facts.of(event));
      revision++;
      if (listedAt == null && MessageStatus.complete(facts)) {
        listedAt = event.getEventTime();
      }
      MessageRevision message =
          new MessageRevision(
              event.getTenant(),
              String.valueOf(event.getMessageId()),
              tier,
              createdAt,
              listedAt,
              revision,
              1,
              facts);
      records.add(
          new TierRecord(
              event.getTenant(),
              List.of(new TimelineEntry(event, event.getEventTime(), 1)),
              message,
              event.getReceivedAt(),
              null,
              createdAt,
              null));
    }
    return records;
  }

  /** A message that was delivered and listed at a time. */
  public static MessageRevision delivered(
      String tenant, String tier, String messageId, String userId, long time, int shards) {
    MessageFacts facts = Facts.of(event(tenant, userId, messageId, Status.DELIVERED, time));
    return new MessageRevision(tenant, messageId, tier, time, time, 1, shards, facts);
  }
}
