package io.postflight.schema.erasure;

import io.postflight.schema.event.MessageEvent;
import io.postflight.schema.identity.Aliases;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageAlias;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.schema.message.TierRecord;
import io.postflight.schema.message.TimelineEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * The data that a set of commands covers. For restore, verify and redrive, which read records that
 * were written before the commands.
 *
 * <p>A message's command covers the message permanently. A user's command covers all data of the
 * user that was created at or before its time, but no later data.
 *
 * <p>Thread-safe: a record that is read after a command was added is compared with it.
 */
@NullMarked
public final class ErasureIndex {
  private final Map<ErasedSubject, Long> messages = new ConcurrentHashMap<>();
  private final UserErasures users = new UserErasures();
  private final Map<ErasedSubject, Erasure> redactions = new ConcurrentHashMap<>();

  private record ErasedSubject(String tenant, String id) {}

  /** Adds a command; a notice is ignored. */
  public void add(Erasure command) {
    if (!ErasureScopes.isCommand(command)) {
      return;
    }
    String message = command.getMessageId();
    String user = command.getUserId();
    if (message != null && command.getFields().isEmpty()) {
      messages.merge(new ErasedSubject(command.getTenant(), message), command.getAt(), Math::max);
    } else if (message != null) {
      redactions.merge(
          new ErasedSubject(command.getTenant(), message), command, ErasureIndex::joined);
    } else if (user != null) {
      users.add(command);
    }
  }

  /** Whether a message was erased by its own id. */
  public boolean erasesMessage(String tenant, String messageId) {
    return messageErasedAt(tenant, messageId) != null;
  }

  /** When a message was erased by its own id for the last time; null: never. */
  public @Nullable Long messageErasedAt(String tenant, String messageId) {
    return messages.get(new ErasedSubject(tenant, messageId));
  }

  /**
   * When a row's person was erased for the last time, epoch milliseconds; null: never. Data created
   * at or before that time is erased. Parameters as in {@link UserErasures#erasedAt}.
   */
  public @Nullable Long userErasedAt(
      String tenant, @Nullable String userId, @Nullable String alias, long time) {
    return users.erasedAt(tenant, userId, alias, time);
  }

  /**
   * Whether a row's person was erased after something was created.
   *
   * @param createdAt of the message; of an action, or where it is unknown, the event's anchor;
   *     epoch milliseconds
   */
  public boolean erasesUser(
      String tenant, @Nullable String userId, @Nullable String alias, long time, long createdAt) {
    Long at = userErasedAt(tenant, userId, alias, time);
    return at != null && createdAt <= at;
  }

  /** Whether an event's message was erased, or its person after the event. */
  public boolean erases(MessageEvent event) {
    String message = event.getMessageId();
    return (message != null && erasesMessage(event.getTenant(), message))
        || erasesUser(
            event.getTenant(),
            event.getUserId(),
            Aliases.identifying(event),
            event.getEventTime(),
            Math.min(event.getEventTime(), event.getReceivedAt()));
  }

  /**
   * The part of an event that is not erased: without redacted fields of its message.
   *
   * @return null if the event is erased; the event itself if nothing of it is
   */
  public @Nullable MessageEvent leftOf(MessageEvent event) {
    if (erases(event)) {
      return null;
    }
    String message = event.getMessageId();
    return message == null
        ? event
        : RedactableFields.without(redactedFields(event.getTenant(), message), event);
  }

  /** Whether any rows of a user were erased. */
  public boolean erasesAnyOf(String tenant, String userId) {
    return users.anyOf(tenant, userId);
  }

  /** When all rows under an id were erased for the last time, epoch milliseconds; null: never. */
  public @Nullable Long wholeUserErasedAt(String tenant, String userId) {
    return users.wholeErasedAt(tenant, userId);
  }

  /** Fields of a message that are redacted, sorted. */
  public List<String> redactedFields(String tenant, String messageId) {
    Erasure redaction = redaction(tenant, messageId);
    return redaction == null ? List.of() : redaction.getFields();
  }

  /** All redactions of a message as one command; null: none. */
  public @Nullable Erasure redaction(String tenant, String messageId) {
    return redactions.get(new ErasedSubject(tenant, messageId));
  }

  /** The number of messages and users covered. */
  public int size() {
    return messages.size() + users.size() + redactions.size();
  }

  /**
   * The part of a tier's record that is not erased: without an erased message and erased entries,
   * and without redacted fields.
   *
   * @return null if everything is erased; the record itself if nothing is, or if it has no rows of
   *     events
   */
  public @Nullable TierRecord leftOf(TierRecord record) {
    if (record.getCommand() != null || record.getIdentity() != null || size() == 0) {
      return record;
    }
    List<TimelineEntry> entries = new ArrayList<>(record.getTimeline().size());
    for (TimelineEntry entry : record.getTimeline()) {
      if (!erases(entry, record.getCreatedAt())) {
        entries.add(entry);
      }
    }
    MessageRevision before = record.getMessage();
    MessageRevision after = before == null ? null : leftOf(before);
    if (before != null && after == null) {
      // The erasure of a message covers all of its events, including those of other group members.
      entries.removeIf(entry -> before.getMessageId().equals(entry.getEvent().getMessageId()));
    }
    if (entries.isEmpty() && after == null) {
      return null;
    }
    return entries.size() == record.getTimeline().size() && Objects.equals(after, before)
        ? record
        : new TierRecord(
            record.getTenant(),
            entries,
            after,
            record.getArrivedAt(),
            null,
            record.getCreatedAt(),
            null);
  }

  private @Nullable MessageRevision leftOf(MessageRevision message) {
    String tenant = message.getTenant();
    String user = Facts.text(message.getFacts(), Facts.USER_ID);
    if (erasesMessage(tenant, message.getMessageId())
        || erasesUser(
            tenant,
            user,
            MessageAlias.of(message.getFacts()),
            message.getCreatedAt(),
            message.getCreatedAt())) {
      return null;
    }
    List<String> fields = redactedFields(tenant, message.getMessageId());
    if (fields.isEmpty()) {
      return message;
    }
    MessageFacts redacted = Facts.join(message.getFacts(), Facts.redacted(fields));
    return redacted.equals(message.getFacts())
        ? message
        : new MessageRevision(
            tenant,
            message.getMessageId(),
            message.getTier(),
            message.getCreatedAt(),
            message.getListedAt(),
            message.getRevision(),
            message.getListingShards(),
            redacted);
  }

  private boolean erases(TimelineEntry entry, @Nullable Long createdAt) {
    MessageEvent event = entry.getEvent();
    String message = event.getMessageId();
    return (message != null && erasesMessage(event.getTenant(), message))
        || erasesUser(
            event.getTenant(),
            event.getUserId(),
            Aliases.identifying(event),
            event.getEventTime(),
            earliest(entry.getAnchor(), createdAt));
  }

  /** A user's rows are also covered by their own write timestamp, which is the entry's anchor. */
  private static long earliest(long anchor, @Nullable Long createdAt) {
    return createdAt == null ? anchor : Math.min(anchor, createdAt);
  }

  /** Of two redactions the later one, with the fields of both. */
  private static Erasure joined(Erasure some, Erasure more) {
    TreeSet<String> fields = new TreeSet<>(some.getFields());
    fields.addAll(more.getFields());
    return Erasure.newBuilder(some.getAt() > more.getAt() ? some : more)
        .setFields(List.copyOf(fields))
        .build();
  }
}
