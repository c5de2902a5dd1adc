package io.postflight.store.cql;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.KeyLimits;
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
 * Erases a message: its listing rows (also one that only the command knows of), its events on the
 * timelines of all users it may stand on, its place among their latest events, and in the end its
 * own row, which tells where the others are: so what fails midway can be done again.
 *
 * <p>A row of the timeline that is newer than the command is deleted at its own timestamp. One of
 * the latest events always is: a tombstone at the command's time would also keep away older events
 * of other messages that are still on their way.
 */
final class MessageEraser {
  /** How much older than all that is known of a message an event of it may be. */
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
                Spread.over(users, 1, user -> user(user, from(user, known)))
                    .thenApply(rows -> rows + listed))
        .thenCompose(rows -> itself(message).thenApply(itself -> rows + itself));
  }

  private @Nullable Long from(String user, @Nullable Long known) {
    return command.getTimelineFrom() != null && command.getUsers().contains(user)
        ? command.getTimelineFrom()
        : known;
  }

  /** On whose timelines the message may stand. */
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
   * The first event_time that an event of the message is to be looked for at; null: as far back as
   * rows live. Of an earlier lifecycle the row does not tell when its events happened.
   */
  static @Nullable Long earliest(WrittenMessage message) {
    return message.hasEarlierLifecycle() ? null : message.earliestEvent() - BEFORE_KNOWN.toMillis();
  }

  private CompletionStage<Long> listing(@Nullable WrittenMessage message) {
    CompletionStage<Long> found =
        message == null
            ? ErasureRequests.count(0)
            : deleteListed(requests, message, message.deletedAt(timestampMicros));
    RowKey told = Rows.listing(command, requests.tier().buckets());
    return told == null
        ? found
        : found.thenCompose(rows -> told(told, message).thenApply(done -> rows));
  }

  /**
   * Deletes the row of the listing that the command tells of, without looking: if the message's own
   * row was erased before this one was written, or does not know of it yet, nothing leads there.
   */
  private CompletionStage<Void> told(RowKey listed, @Nullable WrittenMessage message) {
    long at = message == null ? timestampMicros : message.deletedAt(timestampMicros);
    return deleteListed(requests, listed, at);
  }

  /** Deletes a message's rows of the listing, as far as they were written up to a time. */
  static CompletionStage<Long> deleteListed(
      ErasureRequests requests, WrittenMessage message, long micros) {
    return Spread.over(
        message.listings(requests.tier().buckets()),
        ErasureRequests.ROWS,
        listed -> deleteListed(requests, listed, micros).thenApply(done -> 1L));
  }

  private static CompletionStage<Void> deleteListed(
      ErasureRequests requests, RowKey listed, long micros) {
    return requests.delete(
        requests
            .prepared()
            .deleteListedMessage()
            .bind(listed.partition(), listed.time(), listed.id(), micros));
  }

  private CompletionStage<Long> user(String user, @Nullable Long from) {
    List<TimelinePartition> partitions =
        requests.partitions(command.getTenant(), user, from, command.getAt());
    return Spread.over(partitions, ErasureRequests.PARTITIONS, each -> timeline(each, from))
        .thenCompose(rows -> latest(user).thenApply(latest -> rows + latest));
  }

  private CompletionStage<Long> timeline(TimelinePartition partition, @Nullable Long from) {
    long bucket = partition.bucket();
    return requests.events(
        partition,
        requests
            .prepared()
            .selectEventsOfMessage()
            .bind(partition, from == null ? bucket : Math.max(bucket, from), messageId),
        page -> Spread.over(page, ErasureRequests.ROWS, this::event));
  }

  private CompletionStage<Long> event(WrittenEvent event) {
    return requests
        .delete(
            requests
                .prepared()
                .deleteTimelineEvent()
                .bind(event, Math.max(timestampMicros, event.writtenAt())))
        .thenApply(done -> 1L);
  }

  private CompletionStage<Long> latest(String user) {
    return requests
        .latest(command.getTenant(), user)
        .thenCompose(
            rows ->
                Spread.over(
                    rows.stream().filter(row -> messageId.equals(row.event().messageId())).toList(),
                    ErasureRequests.ROWS,
                    row -> deleteLatest(requests, command.getTenant(), user, row)));
  }

  /** Deletes one row of the latest events, and nothing that is newer. */
  static CompletionStage<Long> deleteLatest(
      ErasureRequests requests, String tenant, String user, WrittenLatest row) {
    return requests
        .delete(
            requests
                .prepared()
                .deleteLatestEvent()
                .bind(tenant, user, row.event().type(), row.writtenAt()))
        .thenApply(done -> 1L);
  }

  /**
   * Deletes the message's own row; also if there is none, against one that is on its way, and what
   * a redaction has noted that met the erasure of an earlier attempt.
   */
  private CompletionStage<Long> itself(@Nullable WrittenMessage message) {
    return message == null
        ? requests
            .redactedAt(command.getTenant(), messageId)
            .thenCompose(noted -> itself(Math.max(timestampMicros, noted)))
            .thenApply(done -> 0L)
        : itself(message.erasedAt(timestampMicros)).thenApply(done -> 1L);
  }

  private CompletionStage<Void> itself(long at) {
    return requests.delete(
        requests.prepared().deleteMessage().bind(command.getTenant(), messageId, at));
  }
}
