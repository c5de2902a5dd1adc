package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import io.postflight.store.EventPointer;
import io.postflight.store.PartitionKey;
import java.util.concurrent.CompletionStage;

/**
 * Moves the pointers of a timeline partition that lead to deleted events to the last events of the
 * same types that remain, or deletes them. So nothing is left of a partition without events, and a
 * user's last event of a type is the one before the deleted one.
 *
 * <p>It follows deletes, and repeats itself until every pointer leads to an event. So of two
 * erasures that run at the same time, the one that ends last sees what the other has left.
 *
 * <p>A moved pointer is written one microsecond after the one that it replaces: it wins over that
 * one, also when that is replayed, and loses against later events, whose anchors are whole
 * milliseconds.
 */
final class PointerRepair {
  /** Each repetition means that another erasure deleted an event meanwhile. */
  private static final int MAX_ROUNDS = 20;

  private final ErasureRequests requests;
  private final PartitionKey partition;

  private PointerRepair(ErasureRequests requests, PartitionKey partition) {
    this.requests = requests;
    this.partition = partition;
  }

  static CompletionStage<Void> repair(ErasureRequests requests, PartitionKey partition) {
    return new PointerRepair(requests, partition).round(1).thenAccept(moved -> {});
  }

  private CompletionStage<Long> round(int number) {
    return requests
        .pointers(partition)
        .thenCompose(
            pointers -> BoundedConcurrency.over(pointers, ErasureRequests.ROWS, this::repair))
        .thenCompose(
            moved ->
                moved == 0 || number == MAX_ROUNDS
                    ? ErasureRequests.count(moved)
                    : round(number + 1));
  }

  /** Returns 1 if the pointer led to no event. */
  private CompletionStage<Long> repair(EventPointer pointer) {
    return requests
        .exists(pointer.target(partition))
        .thenCompose(exists -> exists ? ErasureRequests.count(0) : move(pointer));
  }

  private CompletionStage<Long> move(EventPointer from) {
    return requests
        .last(partition, from.type())
        .thenCompose(
            last ->
                requests.send(
                    last.map(event -> moved(from, event))
                        .orElseGet(
                            () -> requests.prepared().deletePointer().bind(partition, from))))
        .thenApply(done -> 1L);
  }

  private BoundStatement moved(EventPointer from, WrittenEvent to) {
    EventPointer pointer =
        new EventPointer(
            from.type(), to.writtenAt(), to.key().time(), to.key().id(), from.writtenMicros() + 1);
    return requests
        .prepared()
        .updatePointer()
        .bind(partition, pointer, requests.remainingTtl(to.ttlSeconds()));
  }
}
