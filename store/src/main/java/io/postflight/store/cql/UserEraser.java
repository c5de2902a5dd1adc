package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import io.postflight.schema.erasure.Erasure;
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
 * Erases all of a user's that was created at or before a command.
 *
 * <p>The timeline says which messages there are, so it goes last, whole partitions at a time: one
 * tombstone for each, however many rows. Tombstones at the command's time leave what is newer. So
 * there are three steps, each of which can be done again:
 *
 * <ol>
 *   <li>Rows that are newer than the command and yet belong to messages created before it (a READ
 *       that came after): deleted one by one, while their message's row can still tell its birth.
 *       They all have event times after the command, so these few buckets are enough. One of each
 *       message stays: should this break off here, it leads to the message again.
 *   <li>Messages of this user created at or before the command: listing, then message, together
 *       with the row that stayed, all or nothing. Those of another (a group's) stay, only this
 *       user's rows of them go.
 *   <li>The timeline's partitions and the latest events.
 * </ol>
 */
final class UserEraser {
  private final ErasureRequests requests;
  private final String tenant;
  private final String user;
  private final long at;
  private final long timestampMicros;

  /** Messages found in the first step, to which no row may lead when the second one looks. */
  private final Set<String> late = ConcurrentHashMap.newKeySet();

  /** The newer row that stays of each of them on the timeline. */
  private final Map<String, WrittenEvent> staying = new ConcurrentHashMap<>();

  /** Messages being erased: another row of one must not count it twice. */
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  UserEraser(ErasureRequests requests, Erasure command, String user, long timestampMicros) {
    this.requests = requests;
    this.tenant = command.getTenant();
    this.user = user;
    this.at = command.getAt();
    this.timestampMicros = timestampMicros;
  }

  CompletionStage<Long> erase() {
    return lateEvents()
        .thenCompose(rows -> lateLatest().thenApply(more -> rows + more))
        .thenCompose(rows -> messages().thenApply(more -> rows + more))
        .thenCompose(rows -> latest().thenApply(more -> rows + more))
        .thenCompose(rows -> timeline().thenApply(done -> rows));
  }

  private CompletionStage<Long> lateEvents() {
    return Spread.over(
        requests.partitions(tenant, user, at, at),
        ErasureRequests.PARTITIONS,
        partition ->
            requests.events(
                partition,
                requests.prepared().selectEvents().bind(partition, at),
                page -> Spread.over(newer(page), ErasureRequests.ROWS, this::lateEvents)));
  }

  /** Newer events of messages, by message. */
  private List<List<WrittenEvent>> newer(List<WrittenEvent> page) {
    Map<String, List<WrittenEvent>> byMessage =
        page.stream()
            .filter(event -> event.writtenAt() > timestampMicros && event.messageId() != null)
            .collect(Collectors.groupingBy(event -> String.valueOf(event.messageId())));
    return new ArrayList<>(byMessage.values());
  }

  private CompletionStage<Long> lateEvents(List<WrittenEvent> ofOneMessage) {
    String messageId = String.valueOf(ofOneMessage.get(0).messageId());
    return ifErased(
        messageId,
        () -> {
          WrittenEvent first = ofOneMessage.get(0);
          boolean stays = staying.putIfAbsent(messageId, first) == null;
          return Spread.over(
              stays ? ofOneMessage.subList(1, ofOneMessage.size()) : ofOneMessage,
              ErasureRequests.ROWS,
              this::lateEvent);
        });
  }

  private CompletionStage<Long> lateEvent(WrittenEvent event) {
    return requests.delete(deletion(event)).thenApply(done -> 1L);
  }

  private BoundStatement deletion(WrittenEvent event) {
    return requests.prepared().deleteTimelineEvent().bind(event, event.writtenAt());
  }

  private CompletionStage<Long> lateLatest() {
    return requests
        .latest(tenant, user)
        .thenCompose(
            rows ->
                Spread.over(
                    rows.stream().filter(row -> row.writtenAt() > timestampMicros).toList(),
                    ErasureRequests.ROWS,
                    this::lateLatest));
  }

  private CompletionStage<Long> lateLatest(WrittenLatest row) {
    String messageId = row.event().messageId();
    return messageId == null
        ? ErasureRequests.count(0)
        : ifErased(messageId, () -> MessageEraser.deleteLatest(requests, tenant, user, row));
  }

  /** Does something if a message was created at or before the command. */
  private CompletionStage<Long> ifErased(String messageId, Supplier<CompletionStage<Long>> work) {
    return requests
        .message(tenant, messageId)
        .thenCompose(
            found -> {
              if (found.isEmpty() || found.get().revision().getCreatedAt() > at) {
                return ErasureRequests.count(0);
              }
              late.add(messageId);
              return work.get();
            });
  }

  private CompletionStage<Long> messages() {
    return Spread.over(
            requests.partitions(tenant, user, null, at),
            ErasureRequests.PARTITIONS,
            partition ->
                requests.events(
                    partition,
                    requests.prepared().selectEvents().bind(partition, partition.bucket()),
                    this::messages))
        .thenCompose(
            rows ->
                Spread.over(late, ErasureRequests.ROWS, this::message)
                    .thenApply(more -> rows + more));
  }

  /** Erases the messages of a page; counts them, and those rows that the last step will take. */
  private CompletionStage<Long> messages(List<WrittenEvent> page) {
    long rows = page.stream().filter(event -> event.writtenAt() <= timestampMicros).count();
    Set<String> ids = new TreeSet<>();
    for (WrittenEvent event : page) {
      if (event.messageId() != null) {
        ids.add(event.messageId());
      }
    }
    return Spread.over(ids, ErasureRequests.ROWS, this::message)
        .thenApply(messages -> messages + rows);
  }

  private CompletionStage<Long> message(String messageId) {
    if (!underWay.add(messageId)) {
      return ErasureRequests.count(0);
    }
    return requests
        .message(tenant, messageId)
        .thenCompose(
            found ->
                found
                    .filter(message -> user.equals(message.userId()))
                    .flatMap(this::covered)
                    .orElseGet(() -> stayed(messageId)))
        .whenComplete((rows, failure) -> underWay.remove(messageId));
  }

  /** Deletes the row that stayed of a message that itself stays, or is gone. */
  private CompletionStage<Long> stayed(String messageId) {
    WrittenEvent row = staying.remove(messageId);
    return row == null ? ErasureRequests.count(0) : lateEvent(row);
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
   * Deletes what is left of a lifecycle that was over before this one was created: its row of the
   * listing, and its cells of the message's row. All of this lifecycle was written later.
   */
  private CompletionStage<Long> earlierLifecycle(WrittenMessage message) {
    return MessageEraser.deleteListed(requests, message, timestampMicros)
        .thenCompose(
            listed ->
                requests.delete(
                    requests
                        .prepared()
                        .deleteMessage()
                        .bind(tenant, message.revision().getMessageId(), timestampMicros)))
        .thenApply(done -> 1L);
  }

  private CompletionStage<Long> message(WrittenMessage message) {
    return MessageEraser.deleteListed(requests, message, message.deletedAt(timestampMicros))
        .thenCompose(listed -> itself(message).thenApply(rows -> listed + rows));
  }

  /** Deletes a message's own row, and the one that stayed to lead to it, if one did. */
  private CompletionStage<Long> itself(WrittenMessage message) {
    String messageId = message.revision().getMessageId();
    BoundStatement itself =
        requests
            .prepared()
            .deleteMessage()
            .bind(tenant, messageId, message.erasedAt(timestampMicros));
    WrittenEvent stayed = staying.remove(messageId);
    return stayed == null
        ? requests.delete(itself).thenApply(done -> 1L)
        : requests.deleteTogether(List.of(itself, deletion(stayed))).thenApply(done -> 2L);
  }

  private CompletionStage<Long> latest() {
    return requests
        .latest(tenant, user)
        .thenCompose(
            rows ->
                requests
                    .delete(
                        requests
                            .prepared()
                            .deleteLatestPartition()
                            .bind(tenant, user, timestampMicros))
                    .thenApply(
                        done ->
                            rows.stream()
                                .filter(row -> row.writtenAt() <= timestampMicros)
                                .count()));
  }

  private CompletionStage<Long> timeline() {
    return Spread.over(
        requests.partitions(tenant, user, null, at),
        ErasureRequests.PARTITIONS,
        partition ->
            requests
                .delete(
                    requests.prepared().deleteTimelinePartition().bind(partition, timestampMicros))
                .thenApply(done -> 0L));
  }
}
