package io.postflight.store.memory;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.lifecycle.MessageAlias;
import io.postflight.schema.message.MessageFacts;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.MessageColumns;
import io.postflight.store.RowKey;
import io.postflight.store.Rows;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Applies one command to the rows in memory, by scanning all of them. */
final class InMemoryEraser {
  private static final long MAX_REVISIONS = 999;
  private static final String MESSAGE_ID = "message_id";
  private static final String ERROR = "error";
  private static final String ERROR_CODE = "error_code";
  private static final String CREATED_AT = "created_at";
  private static final String REDACTED = "redacted";

  private final Partitions partitions;
  private final Tier tier;
  private final Erasure command;
  private final long timestampMicros;
  private final long now;
  private long rows;

  /**
   * @param now epoch milliseconds
   */
  InMemoryEraser(
      Partitions partitions, Tier tier, Erasure command, long timestampMicros, long now) {
    this.partitions = partitions;
    this.tier = tier;
    this.command = command;
    this.timestampMicros = timestampMicros;
    this.now = now;
  }

  /** Applies the command once; returns the number of rows deleted or changed. */
  long apply() {
    String user = command.getUserId();
    if (user != null) {
      eraseUser(user);
    } else if (command.getFields().isEmpty()) {
      eraseMessage(messageId());
    } else {
      redact();
    }
    return rows;
  }

  private void eraseMessage(String messageId) {
    MessageRevision message = message(messageId);
    for (String user : users(message)) {
      ofMessage(user, messageId).stream()
          .filter(row -> row.position.time() >= timelineFrom(user))
          .forEach(row -> delete(row, Math.max(timestampMicros, row.writtenAt(now))));
      repairPointers(user);
    }
    eraseItself(messageId, message);
    RowKey deleteNamed = Rows.listing(command, tier.listingBuckets());
    if (deleteNamed != null) {
      partitions.delete(deleteNamed, message == null ? timestampMicros : deletedAt(message));
    }
  }

  private long timelineFrom(String user) {
    Long from = command.getTimelineFrom();
    return from == null || !command.getUsers().contains(user) ? Long.MIN_VALUE : from;
  }

  private void eraseItself(String messageId, @Nullable MessageRevision message) {
    StoredRow row = partitions.message(command.getTenant(), messageId);
    long noted = row.writtenAt(REDACTED);
    if (message == null) {
      row.delete(Math.max(timestampMicros, noted));
      return;
    }
    listed(messageId).forEach(listed -> delete(listed, deletedAt(message)));
    delete(row, Math.max(deletedAt(message), noted));
  }

  private void eraseUser(String user) {
    Set<String> erased = new HashSet<>();
    Set<String> recreated = new HashSet<>();
    for (StoredRow row : live(Table.TIMELINE, user)) {
      String messageId = messageId(row);
      MessageRevision message = messageId == null ? null : message(messageId);
      boolean before = message != null && message.getCreatedAt() <= command.getAt();
      boolean own = message != null && user.equals(user(message));
      boolean withMessage = message != null && before && own && inScope(message);
      if (withMessage) {
        erased.add(messageId);
      } else if (message != null && own && !before && inScope(row)) {
        recreated.add(messageId);
      }
      if (withMessage || (inScope(row) && (before || row.writtenAt(now) <= timestampMicros))) {
        delete(row, Math.max(timestampMicros, row.writtenAt(now)));
      }
    }
    if (command.getScope() == null) {
      partitions.delete(Table.TIMELINE, command.getTenant(), user, timestampMicros);
    }
    repairPointers(user);
    erased.forEach(messageId -> eraseItself(messageId, message(messageId)));
    recreated.forEach(this::eraseEarlierLifecycle);
  }

  private boolean inScope(StoredRow row) {
    String alias = (String) row.cells(now).get(Facts.ALIAS);
    return ErasureScopes.covers(command.getScope(), alias, row.position.time());
  }

  private boolean inScope(MessageRevision message) {
    String alias = MessageAlias.of(message.getFacts());
    return ErasureScopes.covers(command.getScope(), alias, message.getCreatedAt());
  }

  private void repairPointers(String user) {
    partitions.repairPointers(Partitions.of(Table.TIMELINE, command.getTenant(), user), now);
  }

  /** Erases rows of a lifecycle before the one in the message's row. */
  private void eraseEarlierLifecycle(String messageId) {
    StoredRow row = partitions.message(command.getTenant(), messageId);
    if (row.writtenBy(timestampMicros, now)) {
      rows++;
      listed(messageId).forEach(listed -> listed.delete(timestampMicros));
      row.delete(timestampMicros);
    }
  }

  private void redact() {
    String messageId = messageId();
    MessageRevision message = message(messageId);
    if (command.getFields().contains(ERROR)) {
      redactCodes(messageId, message);
    }
    if (message == null) {
      return;
    }
    StoredRow row = partitions.message(command.getTenant(), messageId);
    MessageFacts after = Facts.join(message.getFacts(), Facts.redacted(command.getFields()));
    if (!Objects.equals(after, message.getFacts())) {
      rows++;
    }
    long timestamp = deletedAt(message);
    if (!after.getRedacted().equals(message.getFacts().getRedacted())) {
      timestamp = Math.max(timestamp, row.writtenAt(REDACTED) + 1);
    }
    long expiresAt = row.expiresAt(CREATED_AT);
    for (String field : command.getFields()) {
      row.put(field, null, timestamp, expiresAt);
      if (field.equals(Facts.BODY)) {
        row.put(MessageColumns.EDIT, null, timestamp, expiresAt);
      }
    }
    row.put(REDACTED, List.copyOf(after.getRedacted()), timestamp, expiresAt);
  }

  private void redactCodes(String messageId, @Nullable MessageRevision message) {
    if (message != null) {
      listed(messageId).forEach(row -> deleteCode(row, deletedAt(message)));
    }
    for (String user : users(message)) {
      ofMessage(user, messageId)
          .forEach(row -> deleteCode(row, Math.max(timestampMicros, row.writtenAt(now))));
    }
  }

  private void deleteCode(StoredRow row, long timestamp) {
    if (row.cells(now).containsKey(ERROR_CODE)) {
      rows++;
    }
    row.put(ERROR_CODE, null, timestamp, Long.MAX_VALUE);
  }

  private void delete(StoredRow row, long timestamp) {
    if (row.isLive(now)) {
      rows++;
    }
    row.delete(timestamp);
  }

  private @Nullable MessageRevision message(String messageId) {
    Map<String, Object> cells = partitions.message(command.getTenant(), messageId).cells(now);
    return MessageColumns.isMessage(cells)
        ? MessageColumns.revision(command.getTenant(), messageId, tier.name(), cells)
        : null;
  }

  private long deletedAt(MessageRevision message) {
    return Math.max(timestampMicros, message.getCreatedAt() * 1000 + MAX_REVISIONS);
  }

  private Set<String> users(@Nullable MessageRevision message) {
    Set<String> users = new TreeSet<>(command.getUsers());
    String user = message == null ? null : user(message);
    if (user != null) {
      users.add(user);
    }
    return users;
  }

  private static @Nullable String user(MessageRevision message) {
    return Facts.text(message.getFacts(), Facts.USER_ID);
  }

  private String messageId() {
    return String.valueOf(command.getMessageId());
  }

  private List<StoredRow> listed(String messageId) {
    return live(Table.MESSAGE_BY_TIME, "").stream()
        .filter(row -> row.position.id().equals(messageId))
        .toList();
  }

  private List<StoredRow> ofMessage(String user, String messageId) {
    Predicate<StoredRow> requested = row -> messageId.equals(messageId(row));
    return live(Table.TIMELINE, user).stream().filter(requested).toList();
  }

  private @Nullable String messageId(StoredRow row) {
    return (String) row.cells(now).get(MESSAGE_ID);
  }

  private List<StoredRow> live(Table table, String subject) {
    return partitions.live(Partitions.of(table, command.getTenant(), subject), now);
  }
}
