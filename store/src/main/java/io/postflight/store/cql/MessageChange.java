package io.postflight.store.cql;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.lifecycle.MessageTimes;
import io.postflight.store.KeyLimits;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A command on one message, which finds the message's rows: its listing rows, its events on the
 * timelines of all its users, and its own row. The own row identifies the others, so it is changed
 * last: then a failed command can be repeated.
 */
abstract class MessageChange {
  /** How much older than the known times of a message an event of it may be. */
  private static final Duration BEFORE_KNOWN = Duration.ofDays(1);

  final ErasureRequests requests;
  final Erasure command;
  final String messageId;
  final long timestampMicros;

  MessageChange(ErasureRequests requests, Erasure command, String messageId, long timestampMicros) {
    this.requests = requests;
    this.command = command;
    this.messageId = messageId;
    this.timestampMicros = timestampMicros;
  }

  /** Applies the command; returns the number of rows that were deleted or changed. */
  final CompletionStage<Long> apply() {
    return requests
        .message(command.getTenant(), messageId)
        .thenCompose(found -> apply(found.orElse(null)));
  }

  /**
   * Applies the command.
   *
   * @param message its own row; null if there is none
   */
  abstract CompletionStage<Long> apply(@Nullable WrittenMessage message);

  abstract CompletionStage<Long> listed(RowKey row, WrittenMessage message);

  abstract CompletionStage<Long> event(WrittenEvent row);

  /** All events of the message in a timeline partition are changed, by this attempt or another. */
  CompletionStage<Long> finished(PartitionKey partition) {
    return ErasureRequests.count(0);
  }

  /** Changes the rows besides the message's own, the listing first, then user by user. */
  final CompletionStage<Long> otherRows(@Nullable WrittenMessage message) {
    Long known = message == null ? null : earliest(message);
    return listing(message)
        .thenCompose(
            listed ->
                BoundedConcurrency.over(users(message), 1, user -> ofUser(user, from(user, known)))
                    .thenApply(rows -> rows + listed));
  }

  private CompletionStage<Long> listing(@Nullable WrittenMessage message) {
    return message == null
        ? ErasureRequests.count(0)
        : BoundedConcurrency.over(
            message.listings(requests.tier().listingBuckets()),
            ErasureRequests.ROWS,
            row -> listed(row, message));
  }

  /** The users whose timelines may have events of the message. */
  private Set<String> users(@Nullable WrittenMessage message) {
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
  private static @Nullable Long earliest(WrittenMessage message) {
    return message.hasEarlierLifecycle()
        ? null
        : MessageTimes.earliest(message.revision()) - BEFORE_KNOWN.toMillis();
  }

  private @Nullable Long from(String user, @Nullable Long known) {
    return command.getTimelineFrom() != null && command.getUsers().contains(user)
        ? command.getTimelineFrom()
        : known;
  }

  private CompletionStage<Long> ofUser(String user, @Nullable Long from) {
    return BoundedConcurrency.over(
        requests.partitions(command.getTenant(), user, from, command.getAt()),
        ErasureRequests.PARTITIONS,
        partition ->
            timeline(partition, from)
                .thenCompose(rows -> finished(partition).thenApply(more -> rows + more)));
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
}
