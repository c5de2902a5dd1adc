package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import io.postflight.store.EventPointer;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Moves the pointers of a timeline partition away from events that are about to be deleted, to the
 * newest event of the same type that remains, or deletes them. So nothing is left of a partition
 * without events, and a user's last event of a type is the one before the erased one.
 *
 * <p>A moved pointer is written one microsecond after the one that it replaces: it wins over that
 * one, also when that is replayed, and loses against every later event.
 */
final class PointerMove {
  private final ErasureRequests requests;
  private final PartitionKey partition;
  private final Predicate<WrittenEvent> erased;

  /**
   * @param erased whether an event of the partition is about to be deleted too
   */
  PointerMove(ErasureRequests requests, PartitionKey partition, Predicate<WrittenEvent> erased) {
    this.requests = requests;
    this.partition = partition;
    this.erased = erased;
  }

  /** Moves the pointers that lead to one of these events of the partition. */
  CompletionStage<Long> awayFrom(Collection<RowKey> events) {
    Set<RowKey> keys = Set.copyOf(events);
    return all(
        pointer -> keys.contains(new RowKey(partition, pointer.eventTime(), pointer.eventId())));
  }

  /**
   * Deletes all of a partition that was written up to a timestamp. A pointer that was moved may be
   * newer than the event to which it leads.
   */
  static CompletionStage<Void> deletePartition(
      ErasureRequests requests, PartitionKey partition, long micros) {
    return new PointerMove(requests, partition, event -> event.writtenAt() <= micros)
        .all(pointer -> pointer.anchorMicros() <= micros && pointer.writtenMicros() > micros)
        .thenCompose(moved -> requests.delete(partition, micros));
  }

  private CompletionStage<Long> all(Predicate<EventPointer> affected) {
    return requests
        .pointers(partition)
        .thenCompose(
            pointers ->
                BoundedConcurrency.over(
                    pointers.entrySet().stream()
                        .filter(each -> affected.test(each.getValue()))
                        .toList(),
                    ErasureRequests.ROWS,
                    this::move));
  }

  private CompletionStage<Long> move(Map.Entry<String, EventPointer> each) {
    String type = each.getKey();
    long written = each.getValue().writtenMicros();
    return requests
        .newest(partition, type, erased.negate())
        .thenCompose(
            next ->
                requests.send(
                    next.map(event -> moved(type, event, written + 1))
                        .orElseGet(
                            () ->
                                requests
                                    .prepared()
                                    .deletePointer()
                                    .bind(partition, type, written))))
        .thenApply(done -> 0L);
  }

  private BoundStatement moved(String type, WrittenEvent to, long micros) {
    EventPointer pointer = new EventPointer(to.writtenAt(), to.key().time(), to.key().id(), micros);
    return requests
        .prepared()
        .updatePointer()
        .bind(partition, type, pointer, requests.remainingTtl(to.ttlSeconds()));
  }
}
