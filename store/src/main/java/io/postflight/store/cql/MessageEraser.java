package io.postflight.store.cql;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.KeyLimits;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.Rows;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Erases a message: its listing rows (including one that only the command names), its events on the
 * timelines of all its users, its entries in their latest events, and finally its own row, which
 * identifies the others, so that a failed erasure can be repeated.
 *
 * <p>A timeline row that is newer than the command is deleted with its own write timestamp. A
 * latest event always is: a tombstone with the command's timestamp would also hide older events of
 * other messages that are written later.
 */
final class MessageEraser {
  /** How much older than the known times of a message an event of it may be. */
  private static final Duration BEFORE_KNOWN = Duration.ofDays(1);

  private final ErasureRequests requests;
  private final Erasure command;
  private final String messageId;
  private final long timestampMicros;

  MessageEraser(ErasureRequests requests, Erasure command, String messageId, long timestampMicros) {
    this.requests = requests;
    this.command = command;
    this.messageId = messageId;
    this.timestampMicros = timestampMicros;
  }

  CompletionStage<Long> erase() {
    return requests.message(command.getTenant(), messageId).thenCompose(this::erase);
  }

  private CompletionStage<Long> erase(Optional<WrittenMessage> found) {
    WrittenMessage message = found.orElse(null);
    Set<String> users = users(command, message);
    Long known = message == null ? null : earliest(message);
    return listing(message)
        .thenCompose(
            listed ->
                BoundedConcurrency.over(users, 1, user -> user(user, from(user, known)))
                    .thenApply(rows -> rows + listed))
        .thenCompose(rows -> ownRow(message).thenApply(ownRow -> rows + ownRow));
  }

  private @Nullable Long from(String user, @Nullable Long known) {
    return command.getTimelineFrom() != null && command.getUsers().contains(user)
        ? command.getTimelineFrom()
        : known;
  }

  /** The users whose timelines may have events of the message. */
  static Set<String> users(Erasure command, @Nullable WrittenMessage message) {
    Set<String> users = new TreeSet<>(command.getUsers());
    String user = message == null ? null : message.userId();
    if (user != null) {
      users.add(user);
    }
    users.removeIf(each -> KeyLimits.excessOfUserId(command.getTenant(), each) != null);
    return users;
  }

  /**
   * The first event_time to search for events of the message; null for the whole retention, since
   * the row does not contain the times of an earlier lifecycle.
   */
  static @Nullable Long earliest(WrittenMessage message) {
    return message.hasEarlierLifecycle() ? null : message.earliestEvent() - BEFORE_KNOWN.toMillis();
  }

  private CompletionStage<Long> listing(@Nullable WrittenMessage message) {
    CompletionStage<Long> found =
        message == null
            ? ErasureRequests.count(0)
            : deleteListed(requests, message, message.deletedAt(timestampMicros));
    RowKey named = Rows.listing(command, requests.tier().buckets());
    return named == null
        ? found
        : found.thenCompose(rows -> deleteNamed(named, message).thenApply(done -> rows));
  }

  /**
   * Deletes the listing row that the command names without reading it: if the message's row was
   * erased before the listing row was written, or does not contain it yet, it cannot be found
   * otherwise.
   */
  private CompletionStage<Void> deleteNamed(RowKey listed, @Nullable WrittenMessage message) {
    long at = message == null ? timestampMicros : message.deletedAt(timestampMicros);
    return requests.delete(listed, at);
  }

  /** Deletes the cells of a message's listing rows that were written up to a timestamp. */
  static CompletionStage<Long> deleteListed(
      ErasureRequests requests, WrittenMessage message, long micros) {
    return BoundedConcurrency.over(
        message.listings(requests.tier().buckets()),
        ErasureRequests.ROWS,
        listed -> requests.delete(listed, micros).thenApply(done -> 1L));
  }

  private CompletionStage<Long> user(String user, @Nullable Long from) {
    List<PartitionKey> partitions =
        requests.partitions(command.getTenant(), user, from, command.getAt());
    return BoundedConcurrency.over(
            partitions, ErasureRequests.PARTITIONS, each -> timeline(each, from))
        .thenCompose(rows -> latest(user).thenApply(latest -> rows + latest));
  }

  private CompletionStage<Long> timeline(PartitionKey partition, @Nullable Long from) {
    long bucket = partition.bucket();
    return requests.events(
        partition,
        requests
            .prepared()
            .selectEventsOfMessage()
            .bind(partition, from == null ? bucket : Math.max(bucket, from), messageId),
        page -> BoundedConcurrency.over(page, ErasureRequests.ROWS, this::event));
  }

  private CompletionStage<Long> event(WrittenEvent event) {
    return requests
        .delete(event.key(), Math.max(timestampMicros, event.writtenAt()))
        .thenApply(done -> 1L);
  }

  private CompletionStage<Long> latest(String user) {
    return requests
        .latest(command.getTenant(), user)
        .thenCompose(
            rows ->
                BoundedConcurrency.over(
                    rows.stream().filter(row -> messageId.equals(row.event().messageId())).toList(),
                    ErasureRequests.ROWS,
                    row -> deleteLatest(requests, row)));
  }

  /** Deletes one row of the latest events, but not a newer value. */
  static CompletionStage<Long> deleteLatest(ErasureRequests requests, WrittenLatest row) {
    return requests.delete(row.key(), row.writtenAt()).thenApply(done -> 1L);
  }

  /**
   * Deletes the message's own row. Also if there is none: it may be written later, and a redaction
   * that was concurrent with an earlier attempt may have left a cell.
   */
  private CompletionStage<Long> ownRow(@Nullable WrittenMessage message) {
    return message == null
        ? requests
            .redactedAt(command.getTenant(), messageId)
            .thenCompose(noted -> ownRow(Math.max(timestampMicros, noted)))
            .thenApply(done -> 0L)
        : ownRow(message.erasedAt(timestampMicros)).thenApply(done -> 1L);
  }

  private CompletionStage<Void> ownRow(long at) {
    return requests.delete(RowKey.ofMessage(command.getTenant(), messageId), at);
  }
}
