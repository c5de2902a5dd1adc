package io.postflight.store.cql;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.erasure.ErasureScope;
import io.postflight.schema.erasure.ErasureScopes;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Erases all rows of a user that were created at or before a command and that its scope covers.
 *
 * <p>The timeline identifies the user's messages, so it is deleted last. Without a scope it is
 * deleted by partition: one tombstone for each, regardless of the number of rows. With one, rows
 * under the user's id may belong to other persons, so it is deleted row by row. Tombstones with the
 * command's timestamp keep newer rows. So there are three steps, each of which is repeatable:
 *
 * <ol>
 *   <li>Rows that only their message's row shows to be covered are deleted one by one, while that
 *       still contains the creation time: rows newer than the command of messages created before it
 *       (a later READ), and rows outside of the scope of messages within it. Newer rows all have
 *       event times after the command, so without a scope few buckets have to be read. One row of
 *       each message is retained: after a failure it identifies the message again.
 *   <li>Messages of this user created at or before the command: listing, then message together with
 *       the retained row, atomically. Messages of other users (of a group) are kept, only this
 *       user's rows of them are deleted.
 *   <li>The timeline.
 * </ol>
 */
final class UserEraser {
  private final ErasureRequests requests;
  private final String tenant;
  private final String user;
  private final @Nullable ErasureScope scope;
  private final long at;
  private final long timestampMicros;

  /** Messages found in the first step, which may have no timeline row left in the second one. */
  private final Set<String> dependentMessages = ConcurrentHashMap.newKeySet();

  /** The timeline row that is retained of each of them. */
  private final Map<String, WrittenEvent> retained = new ConcurrentHashMap<>();

  /** Messages being erased, so that none is counted twice. */
  private final Set<String> inProgress = ConcurrentHashMap.newKeySet();

  UserEraser(ErasureRequests requests, Erasure command, String user, long timestampMicros) {
    this.requests = requests;
    this.tenant = command.getTenant();
    this.user = user;
    this.scope = command.getScope();
    this.at = command.getAt();
    this.timestampMicros = timestampMicros;
  }

  CompletionStage<Long> erase() {
    return deleteDependentEvents()
        .thenCompose(rows -> messages().thenApply(more -> rows + more))
        .thenCompose(rows -> timeline().thenApply(done -> rows));
  }

  private CompletionStage<Long> deleteDependentEvents() {
    Long from = scope == null ? at : null;
    return BoundedConcurrency.over(
        requests.partitions(tenant, user, from, at),
        ErasureRequests.PARTITIONS,
        partition ->
            requests.events(
                partition,
                requests
                    .prepared()
                    .selectEvents()
                    .bind(partition, from == null ? partition.bucket() : from),
                page ->
                    BoundedConcurrency.over(
                        dependent(page), ErasureRequests.ROWS, this::deleteDependentEvents)));
  }

  /** Events of messages that the last step keeps, by message. */
  private List<List<WrittenEvent>> dependent(List<WrittenEvent> page) {
    Map<String, List<WrittenEvent>> byMessage =
        page.stream()
            .filter(event -> event.messageId() != null && !isCovered(event))
            .collect(Collectors.groupingBy(event -> String.valueOf(event.messageId())));
    return new ArrayList<>(byMessage.values());
  }

  /** Whether the last step deletes an event. */
  private boolean isCovered(WrittenEvent event) {
    return event.writtenAt() <= timestampMicros && inScope(event);
  }

  private boolean inScope(WrittenEvent event) {
    return ErasureScopes.covers(scope, event.alias(), event.key().time());
  }

  private boolean inScope(WrittenMessage message) {
    return ErasureScopes.covers(scope, message.alias(), message.revision().getCreatedAt());
  }

  private CompletionStage<Long> deleteDependentEvents(List<WrittenEvent> ofOneMessage) {
    String messageId = String.valueOf(ofOneMessage.get(0).messageId());
    return requests
        .message(tenant, messageId)
        .thenCompose(
            found -> {
              if (found.isEmpty() || found.get().revision().getCreatedAt() > at) {
                return ErasureRequests.count(0);
              }
              if (scope != null && !(isOwn(found.get()) && inScope(found.get()))) {
                return deleteEvents(ofOneMessage.stream().filter(this::inScope).toList());
              }
              dependentMessages.add(messageId);
              boolean retain = retained.putIfAbsent(messageId, ofOneMessage.get(0)) == null;
              return deleteEvents(
                  retain ? ofOneMessage.subList(1, ofOneMessage.size()) : ofOneMessage);
            });
  }

  private boolean isOwn(WrittenMessage message) {
    return user.equals(message.userId());
  }

  private CompletionStage<Long> deleteEvents(List<WrittenEvent> events) {
    return BoundedConcurrency.over(events, ErasureRequests.ROWS, this::deleteEvent);
  }

  private CompletionStage<Long> deleteEvent(WrittenEvent event) {
    return requests.delete(event.key(), deletedAt(event)).thenApply(done -> 1L);
  }

  private long deletedAt(WrittenEvent event) {
    return Math.max(timestampMicros, event.writtenAt());
  }

  private CompletionStage<Long> messages() {
    return eachPage(this::messages)
        .thenCompose(
            rows ->
                BoundedConcurrency.over(
                        dependentMessages,
                        ErasureRequests.ROWS,
                        messageId -> message(messageId, true))
                    .thenApply(more -> rows + more));
  }

  /** Processes all events of the user page by page. */
  private CompletionStage<Long> eachPage(Function<List<WrittenEvent>, CompletionStage<Long>> page) {
    return BoundedConcurrency.over(
        requests.partitions(tenant, user, at),
        ErasureRequests.PARTITIONS,
        partition -> eachPage(partition, page));
  }

  private CompletionStage<Long> eachPage(
      PartitionKey partition, Function<List<WrittenEvent>, CompletionStage<Long>> page) {
    return requests.events(
        partition, requests.prepared().selectEvents().bind(partition, partition.bucket()), page);
  }

  /** Erases the messages of a page; counts them and the rows that the last step will delete. */
  private CompletionStage<Long> messages(List<WrittenEvent> page) {
    long rows = page.stream().filter(this::isCovered).count();
    Map<String, Boolean> ids = new TreeMap<>();
    for (WrittenEvent event : page) {
      if (event.messageId() != null) {
        ids.merge(event.messageId(), inScope(event), Boolean::logicalOr);
      }
    }
    return BoundedConcurrency.over(
            ids.entrySet(), ErasureRequests.ROWS, id -> message(id.getKey(), id.getValue()))
        .thenApply(messages -> messages + rows);
  }

  /**
   * Erases a message if it is the user's and covered.
   *
   * @param inScope whether the scope covers an event of it
   */
  private CompletionStage<Long> message(String messageId, boolean inScope) {
    if (!inProgress.add(messageId)) {
      return ErasureRequests.count(0);
    }
    return requests
        .message(tenant, messageId)
        .thenCompose(
            found ->
                found
                    .filter(this::isOwn)
                    .flatMap(message -> covered(message, inScope))
                    .orElseGet(() -> deleteRetained(messageId)))
        .whenComplete((rows, failure) -> inProgress.remove(messageId));
  }

  /** Deletes the retained row of a message that is kept or already deleted. */
  private CompletionStage<Long> deleteRetained(String messageId) {
    WrittenEvent row = retained.remove(messageId);
    return row == null ? ErasureRequests.count(0) : deleteEvent(row);
  }

  private Optional<CompletionStage<Long>> covered(WrittenMessage message, boolean inScope) {
    if (message.revision().getCreatedAt() <= at) {
      return inScope(message) ? Optional.of(message(message)) : Optional.empty();
    }
    // When an earlier lifecycle was created is not known, but its events are.
    return inScope && (message.oldestWrite() <= timestampMicros || message.listings().size() > 1)
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
        : requests.deleteTogether(ownRow, micros, row.key(), deletedAt(row)).thenApply(done -> 2L);
  }

  private CompletionStage<Long> timeline() {
    return BoundedConcurrency.over(
        requests.partitions(tenant, user, at),
        ErasureRequests.PARTITIONS,
        partition ->
            deleteCovered(partition)
                .thenCompose(deleted -> PointerRepair.repair(requests, partition))
                .thenApply(done -> 0L));
  }

  private CompletionStage<?> deleteCovered(PartitionKey partition) {
    return scope == null
        ? requests.delete(partition, timestampMicros)
        : eachPage(partition, page -> deleteEvents(page.stream().filter(this::isCovered).toList()));
  }
}
