package io.postflight.replay;

import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Price;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Edits;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageStatus;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.store.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Generates tier records as the topology produces them: events in order, late or repeated,
 * failures, edits, and user actions. Deterministic for a seed and end.
 */
final class DrillRecords {
  private static final String TENANT = "drill";
  private static final Duration MAX_AGE = Duration.ofDays(10);
  private static final int MESSAGES_PER_USER = 20;
  private static final List<List<Status>> LIFECYCLES =
      List.of(
          List.of(Status.SENT, Status.DELIVERED, Status.READ),
          List.of(Status.SENT, Status.DELIVERED),
          List.of(Status.DELIVERED, Status.SENT, Status.READ),
          List.of(Status.SENT, Status.FAILED),
          List.of(Status.SENT, Status.DELIVERED, Status.DELIVERED, Status.READ),
          List.of(Status.SENT, Status.ANNOTATION, Status.DELIVERED));

  private final String tier;
  private final long end;
  private final long maxAge;
  private final SplittableRandom random;
  private final int users;

  /**
   * @param messages number of messages
   * @param end latest time, epoch milliseconds
   */
  DrillRecords(Tier tier, int messages, long end, long seed) {
    this.tier = tier.name();
    this.end = end;
    this.random = new SplittableRandom(seed);
    this.users = Math.max(1, messages / MESSAGES_PER_USER);
    Duration retention = tier.retention();
    this.maxAge =
        retention == null || retention.dividedBy(2).compareTo(MAX_AGE) > 0
            ? MAX_AGE.toMillis()
            : retention.dividedBy(2).toMillis();
  }

  /** The records of one message, sometimes followed by an action of its user. */
  List<TierRecord> message(int number) {
    String user = "drill-user-" + random.nextInt(users);
    String id = "drill-message-" + number;
    long time = end - 60_000 - random.nextLong(maxAge);
    List<TierRecord> records = new ArrayList<>();
    MessageFacts facts = Facts.NONE;
    Long listedAt = null;
    int revision = 0;
    for (Status status : LIFECYCLES.get(random.nextInt(LIFECYCLES.size()))) {
      MessageEvent event = event(user, id, status, time + 1_000L * status.ordinal());
      MessageFacts joined = Facts.join(facts, Facts.of(event));
      MessageRevision message = null;
      if (!joined.equals(facts)) {
        facts = joined;
        revision++;
        if (listedAt == null && MessageStatus.complete(facts)) {
          listedAt = event.getEventTime();
        }
        message = new MessageRevision(TENANT, id, tier, time, listedAt, revision, 1, facts);
      }
      records.add(record(event, message, time));
    }
    if (random.nextInt(10) == 0) {
      records.add(record(action(user, id, time + 30_000), null, null));
    }
    return records;
  }

  private static TierRecord record(
      MessageEvent event, @Nullable MessageRevision message, @Nullable Long createdAt) {
    return new TierRecord(
        TENANT,
        List.of(new TimelineEntry(event, event.getEventTime(), 1)),
        message,
        event.getReceivedAt(),
        null,
        createdAt,
        null);
  }

  private MessageEvent event(String user, String id, Status status, long time) {
    return common(user, time)
        .setMessageId(id)
        .setEventId(id + '-' + status.ordinal())
        .setType("message." + status.name().toLowerCase(Locale.ROOT))
        .setStatus(status)
        .setProviderStatus(
            status == Status.ANNOTATION ? Edits.EDIT : status.name().toLowerCase(Locale.ROOT))
        .setError(status == Status.FAILED ? new EventError("131026", "Undeliverable", null) : null)
        .setPrice(status == Status.SENT ? new Price("0.01", "EUR", "utility", true) : null)
        .setBody(
            status == Status.SENT || status == Status.ANNOTATION
                ? "Your parcel " + number() + " is on its way"
                : null)
        .setRecipient(user)
        .setAttributes(Map.of("conversationId", "c-" + id))
        .build();
  }

  private MessageEvent action(String user, String id, long time) {
    return common(user, time)
        .setEventId(id + "-view")
        .setType("product_viewed")
        .setStatus(Status.ACTION)
        .setAttributes(Map.of("sku", number()))
        .build();
  }

  private static MessageEvent.Builder common(String user, long time) {
    return MessageEvent.newBuilder()
        .setTenant(TENANT)
        .setUserId(user)
        .setProvider("whatsapp")
        .setChannel("WHATSAPP")
        .setDirection(Direction.OUTBOUND)
        .setEventTime(time)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(time + 250);
  }

  private String number() {
    return Integer.toString(random.nextInt(1_000_000));
  }
}
