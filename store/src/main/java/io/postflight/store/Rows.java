package io.postflight.store;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which rows a record of a tier's topic stands for. */
public final class Rows {
  private Rows() {}

  /**
   * The rows of a record: one in the timeline and one in the latest events for each entry, the
   * message, and its place in the listing once it is complete. A function of the arguments alone,
   * so that a record read again gives equal rows.
   *
   * @throws IllegalArgumentException if the record contradicts itself (an entry without a user, a
   *     shard count below 1); no retry can mend that
   */
  public static List<Row> of(TierRecord record, Tier tier) {
    Buckets buckets = tier.buckets();
    List<Row> rows = new ArrayList<>(2 * record.getTimeline().size() + 2);
    for (TimelineEntry entry : record.getTimeline()) {
      addTimeline(rows, record.getTenant(), entry, buckets);
    }
    MessageRevision message = record.getMessage();
    if (message != null) {
      addMessage(rows, message, buckets);
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
    rows.add(
        new LatestRow(
            new PartitionKey(Table.LATEST, tenant, userId, 0, 0), item, entry.getAnchor()));
  }

  private static void addMessage(List<Row> rows, MessageRevision message, Buckets buckets) {
    String tenant = message.getTenant();
    String messageId = message.getMessageId();
    rows.add(new MessageRow(new PartitionKey(Table.MESSAGE, tenant, messageId, 0, 0), message));
    Long listedAt = message.getListedAt();
    PartitionKey listing = listing(message, buckets);
    if (listedAt != null && listing != null) {
      rows.add(new ListingRow(listing, listedAt, message));
    }
  }

  /** Where a message stands in its tenant's listing; null if it does not, being in flight. */
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

  /** The row of a message's place in its tenant's listing. */
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

  /**
   * Where the message that a command is about stands in its tenant's listing by the command's own
   * word; null if it does not tell.
   */
  public static @Nullable RowKey listing(Erasure command, Buckets buckets) {
    String messageId = command.getMessageId();
    Long listedAt = command.getListedAt();
    return messageId == null || listedAt == null
        ? null
        : listing(command.getTenant(), messageId, listedAt, command.getListingShards(), buckets);
  }
}
