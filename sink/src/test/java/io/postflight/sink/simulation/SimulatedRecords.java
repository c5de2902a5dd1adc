package io.postflight.sink.simulation;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.event.Direction;
import io.postflight.schema.event.EventError;
import io.postflight.schema.event.EventTimeSource;
import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.event.Status;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import io.postflight.schema.serde.TrustedRecords;
import io.postflight.store.ListingRow;
import io.postflight.store.MessageRow;
import io.postflight.store.Row;
import io.postflight.store.Rows;
import io.postflight.store.Tier;
import io.postflight.store.TimelineRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Records of a tier's topic for simulated histories: valid ones, and some of each invalid kind. */
public final class SimulatedRecords {
  /** The tier of the rows. */
  public static final Tier TIER = Tier.of("30d", Duration.ofDays(30));

  /** Maximum size of a row. */
  public static final int MAX_ROW_BYTES = 2_000;

  static final String TENANT = "acme";
  static final String BAD = "bad-";

  private static final int USERS = 6;
  private static final long MINUTE = 60_000;

  /**
   * One record.
   *
   * @param record its decoded value; null if its bytes cannot be decoded
   * @param rows the rows that have to be stored in the end unless they are erased; without those
   *     that the database rejects
   * @param all all rows of the record; empty if none is ever sent
   * @param deadLetter whether it has to become a dead letter
   */
  public record Content(
      @Nullable TierRecord record, List<Row> rows, List<Row> all, boolean deadLetter) {
    /** The content of a record's bytes. */
    public static Content of(TierRecord record) {
      Erasure command = record.getCommand();
      if (command != null) {
        return new Content(record, List.of(), List.of(), rejected(command));
      }
      List<Row> all = Rows.of(record, TIER);
      if (all.stream().anyMatch(row -> row.sizeBytes() > MAX_ROW_BYTES)) {
        return new Content(record, List.of(), List.of(), true);
      }
      List<Row> good = all.stream().filter(row -> !rejected(row)).toList();
      return new Content(record, good, all, good.size() < all.size());
    }

    /** Its command; null if it has none. */
    public @Nullable Erasure command() {
      return record == null ? null : record.getCommand();
    }
  }

  private final List<Content> contents = new ArrayList<>();
  private final SplittableRandom random = new SplittableRandom(20_251_122);
  private long lastAnchor = World.BEGINNING - 29L * 24 * 60 * MINUTE;

  /** Creates the same records each time. */
  public SimulatedRecords(int messages) {
    TrustedRecords.trust(); // Avro copies trusted records only
    for (int i = 0; i < messages; i++) {
      addMessage(i);
    }
    for (int i = 0; i < messages / 4; i++) {
      addAction(i);
    }
  }

  /** Number of records. */
  public int size() {
    return contents.size();
  }

  /** A record. */
  public Content get(int index) {
    return contents.get(index);
  }

  /** Whether the database always rejects a row. */
  public static boolean rejected(Row row) {
    if (row instanceof TimelineRow timeline) {
      return timeline.event().eventId().startsWith(BAD);
    }
    String id =
        row instanceof MessageRow message
            ? message.revision().getMessageId()
            : ((ListingRow) row).revision().getMessageId();
    return id.startsWith(BAD);
  }

  /** Whether the database always rejects a command. */
  public static boolean rejected(Erasure command) {
    return command.getId().startsWith(BAD);
  }

  private void addMessage(int number) {
    String prefix = number % 31 == 7 ? BAD : "";
    String id = prefix + "m" + number;
    String user = "u" + random.nextInt(USERS);
    MessageEvent sent = event(id, prefix + "e" + number + "s", user, Status.SENT, number);
    MessageEvent delivered =
        event(
            id, (number % 37 == 5 ? BAD : "") + "e" + number + "d", user, Status.DELIVERED, number);
    long created = sent.getReceivedAt();
    MessageFacts first = Facts.of(sent);
    MessageFacts both = Facts.join(first, Facts.of(delivered));
    add(record(sent, revision(id, created, null, 1, first), number % 3 == 0));
    add(record(delivered, revision(id, created, delivered.getReceivedAt(), 2, both), true));
    if (number % 41 == 11) {
      contents.add(new Content(null, List.of(), List.of(), true));
    }
  }

  private void addAction(int number) {
    MessageEvent event = event(null, "a" + number, "u" + number % USERS, Status.ACTION, number);
    add(record(event, null, true));
  }

  private void add(TierRecord record) {
    contents.add(Content.of(record));
  }

  private static TierRecord record(
      MessageEvent event, @Nullable MessageRevision message, boolean withTimeline) {
    List<TimelineEntry> entries =
        withTimeline ? List.of(new TimelineEntry(event, event.getReceivedAt(), 1)) : List.of();
    return new TierRecord(TENANT, entries, message, event.getReceivedAt(), null, null, null);
  }

  private static MessageRevision revision(
      String id, long created, @Nullable Long listed, int number, MessageFacts facts) {
    return MessageRevision.newBuilder()
        .setTenant(TENANT)
        .setMessageId(id)
        .setTier(TIER.name())
        .setCreatedAt(created)
        .setListedAt(listed)
        .setRevision(number)
        .setFacts(facts)
        .build();
  }

  private MessageEvent event(
      @Nullable String messageId, String eventId, String user, Status status, int number) {
    long anchor = anchor(number);
    String body = number % 43 == 13 ? "x".repeat(MAX_ROW_BYTES) : "Hello " + number;
    return MessageEvent.newBuilder()
        .setTenant(TENANT)
        .setMessageId(messageId)
        .setEventId(eventId)
        .setUserId(user)
        .setType("message." + status.name())
        .setProvider("whatsapp")
        .setChannel("WHATSAPP")
        .setDirection(Direction.OUTBOUND)
        .setStatus(status)
        .setEventTime(anchor)
        .setEventTimeSource(EventTimeSource.PROVIDER)
        .setReceivedAt(anchor)
        .setBody(body)
        .setError(number % 3 == 1 ? new EventError("e" + number, null, null) : null)
        .build();
  }

  /**
   * No two are equal, since the latest of two events with one time is not defined. Some expire
   * before the history begins, some during the history.
   */
  private long anchor(int number) {
    lastAnchor += 1 + random.nextLong(3 * MINUTE);
    return switch (number % 29) {
      case 3 -> lastAnchor - 2L * 24 * 60 * MINUTE;
      case 4 -> World.BEGINNING - 30L * 24 * 60 * MINUTE + lastAnchor % (2 * MINUTE);
      default -> lastAnchor;
    };
  }
}
