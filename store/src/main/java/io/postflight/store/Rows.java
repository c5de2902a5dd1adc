package io.postflight.store;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts a record of a tier's topic to rows. */
public final class Rows {
  private Rows() {}

  /**
   * The rows of a record: one in the timeline for each entry, the message, and its listing row once
   * it is complete; or the links of an id. A pure function, so that a record that is read again
   * gives equal rows.
   *
   * @throws IllegalArgumentException if the record contradicts itself (an entry without a user, a
   *     shard count below 1, links and rows of events); a retry cannot succeed
   */
  public static List<Row> of(TierRecord record, Tier tier) {
    List<Row> rows = new ArrayList<>(record.getTimeline().size() + 2);
    for (TimelineEntry entry : record.getTimeline()) {
      addTimeline(rows, record.getTenant(), entry, tier.buckets());
    }
    MessageRevision message = record.getMessage();
    if (message != null) {
      addMessage(rows, message, tier.listingBuckets());
    }
    AliasLinks identity = record.getIdentity();
    if (identity != null) {
      if (!rows.isEmpty()) {
        throw new IllegalArgumentException("a record has links of an id and rows of events");
      }
      rows.add(new IdentityRow(identity));
    }
    return rows;
  }

  private static void addTimeline(
      List<Row> rows, String tenant, TimelineEntry entry, Buckets buckets) {
    MessageEvent event = entry.getEvent();
    String userId = event.getUserId();
    if (userId == null) {
      throw new IllegalArgumentException(
          "timeline entry of event " + event.getEventId() + " has no user_id");
    }
    TimelineItem item = TimelineItem.of(event);
    PartitionKey timeline =
        new PartitionKey(
            Table.TIMELINE,
            tenant,
            userId,
            buckets.at(item.eventTime()).start(),
            ShardOf.id(item.eventId(), entry.getShards()));
    rows.add(new TimelineRow(timeline, item, entry.getAnchor()));
  }

  private static void addMessage(List<Row> rows, MessageRevision message, Buckets buckets) {
    String tenant = message.getTenant();
    String messageId = message.getMessageId();
    rows.add(new MessageRow(PartitionKey.of(Table.MESSAGE, tenant, messageId), message));
    Long listedAt = message.getListedAt();
    PartitionKey listing = listing(message, buckets);
    if (listedAt != null && listing != null) {
      rows.add(new ListingRow(listing, listedAt, message));
    }
  }

  /** The listing partition of a message; null if it is in flight. */
  public static @Nullable PartitionKey listing(MessageRevision message, Buckets buckets) {
    Long listedAt = message.getListedAt();
    return listedAt == null || !MessageStatus.complete(message.getFacts())
        ? null
        : listing(
                message.getTenant(),
                message.getMessageId(),
                listedAt,
                message.getListingShards(),
                buckets)
            .partition();
  }

  /** The key of a message's listing row. */
  public static RowKey listing(
      String tenant, String messageId, long listedAt, int shards, Buckets buckets) {
    return new RowKey(
        new PartitionKey(
            Table.MESSAGE_BY_TIME,
            tenant,
            "",
            buckets.at(listedAt).start(),
            ShardOf.id(messageId, shards)),
        listedAt,
        messageId);
  }

  /** The key of the listing row that a command names; null if it names none. */
  public static @Nullable RowKey listing(Erasure command, Buckets buckets) {
    String messageId = command.getMessageId();
    Long listedAt = command.getListedAt();
    return messageId == null || listedAt == null
        ? null
        : listing(command.getTenant(), messageId, listedAt, command.getListingShards(), buckets);
  }
}
