package io.postflight.store.cql;

import io.postflight.schema.erasure.Erasure;
import io.postflight.store.RowKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Erases all rows of a user that were created at or before a command.
 *
 * <p>The timeline identifies the user's messages, so it is deleted last, by partition: one
 * tombstone for each, regardless of the number of rows. Tombstones with the command's timestamp
 * keep newer rows. So there are three steps, each of which is repeatable:
 *
 * <ol>
 *   <li>Rows that are newer than the command but belong to messages created before it (a later
 *       READ): deleted one by one, while their message's row still contains the creation time. They
 *       all have event times after the command, so few buckets have to be read. One row of each
 *       message is retained: after a failure it identifies the message again.
 *   <li>Messages of this user created at or before the command: listing, then message together with
 *       the retained row, atomically. Messages of other users (of a group) are kept, only this
 *       user's rows of them are deleted.
 *   <li>The timeline's partitions.
 * </ol>
 */
final class UserEraser {
  private final ErasureRequests requests;
  private final String tenant;
  private final String user;
  private final long at;
  private final long timestampMicros;

  /** Messages found in the first step, which may have no timeline row left in the second one. */
  private final Set<String> newerMessages = ConcurrentHashMap.newKeySet();

  /** The newer timeline row that is retained of each of them. */
  private final Map<String, WrittenEvent> retained = new ConcurrentHashMap<>();

  /** Messages being erased, so that none is counted twice. */
  private final Set<String> inProgress = ConcurrentHashMap.newKeySet();

  UserEraser(ErasureRequests requests, Erasure command, String user, long timestampMicros) {
    this.requests = requests;
    this.tenant = command.getTenant();
    this.user = user;
    this.at = command.getAt();
    this.timestampMicros = timestampMicros;
  }

  CompletionStage<Long> erase() {
    return deleteNewerEvents()
        .thenCompose(rows -> messages().thenApply(more -> rows + more))
        .thenCompose(rows -> timeline().thenApply(done -> rows));
  }

  private CompletionStage<Long> deleteNewerEvents() {
    return BoundedConcurrency.over(
        requests.partitions(tenant, user, at, at),
        ErasureRequests.PARTITIONS,
        partition ->
            requests.events(
                partition,
                requests.prepared().selectEvents().bind(partition, at),
                page ->
                    BoundedConcurrency.over(
                        newer(page), ErasureRequests.ROWS, this::deleteNewerEvents)));
  }

  /** Newer events of messages, by message. */
  private List<List<WrittenEvent>> newer(List<WrittenEvent> page) {
    Map<String, List<WrittenEvent>> byMessage =
        page.stream()
            .filter(event -> event.writtenAt() > timestampMicros && event.messageId() != null)
            .collect(Collectors.groupingBy(event -> String.valueOf(event.messageId())));
    return new ArrayList<>(byMessage.values());
  }

  private CompletionStage<Long> deleteNewerEvents(List<WrittenEvent> ofOneMessage) {
    String messageId = String.valueOf(ofOneMessage.get(0).messageId());
    return ifErased(
        messageId,
        () -> {
          WrittenEvent first = ofOneMessage.get(0);
          boolean retain = retained.putIfAbsent(messageId, first) == null;
          return BoundedConcurrency.over(
              retain ? ofOneMessage.subList(1, ofOneMessage.size()) : ofOneMessage,
              ErasureRequests.ROWS,
              this::deleteNewerEvent);
        });
  }

  private CompletionStage<Long> deleteNewerEvent(WrittenEvent event) {
    return requests.delete(event.key(), event.writtenAt()).thenApply(done -> 1L);
  }

  /** Runs the work if a message was created at or before the command. */
  private CompletionStage<Long> ifErased(String messageId, Supplier<CompletionStage<Long>> work) {
    return requests
        .message(tenant, messageId)
        .thenCompose(
            found -> {
              if (found.isEmpty() || found.get().revision().getCreatedAt() > at) {
                return ErasureRequests.count(0);
              }
              newerMessages.add(messageId);
              return work.get();
            });
  }

  private CompletionStage<Long> messages() {
    return BoundedConcurrency.over(
            requests.partitions(tenant, user, at),
            ErasureRequests.PARTITIONS,
            partition ->
                requests.events(
                    partition,
                    requests.prepared().selectEvents().bind(partition, partition.bucket()),
                    this::messages))
        .thenCompose(
            rows ->
                BoundedConcurrency.over(newerMessages, ErasureRequests.ROWS, this::message)
                    .thenApply(more -> rows + more));
  }

  /** Erases the messages of a page; counts them and the rows that the last step will delete. */
  private CompletionStage<Long> messages(List<WrittenEvent> page) {
    long rows = page.stream().filter(event -> event.writtenAt() <= timestampMicros).count();
    Set<String> ids = new TreeSet<>();
    for (WrittenEvent event : page) {
      if (event.messageId() != null) {
        ids.add(event.messageId());
      }
    }
    return BoundedConcurrency.over(ids, ErasureRequests.ROWS, this::message)
        .thenApply(messages -> messages + rows);
  }

  private CompletionStage<Long> message(String messageId) {
    if (!inProgress.add(messageId)) {
      return ErasureRequests.count(0);
    }
    return requests
        .message(tenant, messageId)
        .thenCompose(
            found ->
                found
                    .filter(message -> user.equals(message.userId()))
                    .flatMap(this::covered)
                    .orElseGet(() -> deleteRetained(messageId)))
        .whenComplete((rows, failure) -> inProgress.remove(messageId));
  }

  /** Deletes the retained row of a message that is kept or already deleted. */
  private CompletionStage<Long> deleteRetained(String messageId) {
    WrittenEvent row = retained.remove(messageId);
    return row == null ? ErasureRequests.count(0) : deleteNewerEvent(row);
  }

  private Optional<CompletionStage<Long>> covered(WrittenMessage message) {
    if (message.revision().getCreatedAt() <= at) {
      return Optional.of(message(message));
    }
    return message.oldestWrite() <= timestampMicros || message.listings().size() > 1
        ? Optional.of(earlierLifecycle(message))
        : Optional.empty();
  }

  /**
   * Deletes the rest of a lifecycle that ended before this one was created: its listing row, and
   * its cells of the message's row. All cells of this lifecycle were written later.
   */
  private CompletionStage<Long> earlierLifecycle(WrittenMessage message) {
    return requests
        .deleteListed(message, timestampMicros)
        .thenCompose(
            listed ->
                requests.delete(
                    RowKey.ofMessage(tenant, message.revision().getMessageId()), timestampMicros))
        .thenApply(done -> 1L);
  }

  private CompletionStage<Long> message(WrittenMessage message) {
    return requests
        .deleteListed(message, message.deletedAt(timestampMicros))
        .thenCompose(listed -> ownRow(message).thenApply(rows -> listed + rows));
  }

  /** Deletes a message's own row, and its retained row if there is one. */
  private CompletionStage<Long> ownRow(WrittenMessage message) {
    String messageId = message.revision().getMessageId();
    RowKey ownRow = RowKey.ofMessage(tenant, messageId);
    long micros = message.erasedAt(timestampMicros);
    WrittenEvent row = retained.remove(messageId);
    return row == null
        ? requests.delete(ownRow, micros).thenApply(done -> 1L)
        : requests.deleteTogether(ownRow, micros, row.key(), row.writtenAt()).thenApply(done -> 2L);
  }

  private CompletionStage<Long> timeline() {
    return BoundedConcurrency.over(
        requests.partitions(tenant, user, at),
        ErasureRequests.PARTITIONS,
        partition ->
            requests
                .delete(partition, timestampMicros)
                .thenCompose(deleted -> PointerRepair.repair(requests, partition))
                .thenApply(done -> 0L));
  }
}
