package io.postflight.store.cql;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.postflight.store.EventPointer;
import io.postflight.store.EventReader;
import io.postflight.store.LatestEvents;
import io.postflight.store.PartitionKey;
import io.postflight.store.RowKey;
import io.postflight.store.StoreException;
import io.postflight.store.TimelineItem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a user's last event of each type: the pointers of all partitions, then the rows to which
 * the last ones lead. To be used once.
 */
final class LatestReader {
  private static final int CONCURRENCY = 16;

  private final Statements statements;
  private final @Nullable String type;
  private final Deadline deadline;
  private final Map<String, Target> targets = new ConcurrentSkipListMap<>();
  private final Map<String, TimelineItem> events = new ConcurrentSkipListMap<>();
  private final Set<String> unknown = new ConcurrentSkipListSet<>();
  private final AtomicLong bytes = new AtomicLong();

  private record Target(EventPointer pointer, PartitionKey partition) {
    private static Target later(Target a, Target b) {
      return EventPointer.ORDER.compare(a.pointer, b.pointer) >= 0 ? a : b;
    }
  }

  /**
   * @param type exact type; null: all
   */
  LatestReader(Statements statements, @Nullable String type, Deadline deadline) {
    this.statements = statements;
    this.type = type;
    this.deadline = deadline;
  }

  CompletionStage<LatestEvents> read(List<PartitionKey> partitions) {
    return BoundedConcurrency.over(partitions, CONCURRENCY, this::pointers)
        .thenCompose(
            read -> {
              if (type != null && targets.isEmpty()) {
                unknown.add(type);
              }
              return BoundedConcurrency.over(targets.values(), CONCURRENCY, this::event);
            })
        .thenApply(read -> new LatestEvents(List.copyOf(events.values()), List.copyOf(unknown)));
  }

  private CompletionStage<Long> pointers(PartitionKey partition) {
    return send(statements.selectPointers().bind(partition))
        .thenApply(
            found -> {
              for (EventPointer pointer : SelectPointers.read(found.one())) {
                if (type == null || type.equals(pointer.type())) {
                  targets.merge(pointer.type(), new Target(pointer, partition), Target::later);
                }
              }
              return 0L;
            });
  }

  private CompletionStage<Long> event(Target target) {
    RowKey key = target.pointer().target(target.partition());
    return send(statements.selectEvent().bind(key))
        .thenApply(
            found -> {
              Row row = found.one();
              if (row != null) {
                add(row, key);
              }
              if (row == null || target.pointer().isMoved()) {
                unknown.add(target.pointer().type());
              }
              return 0L;
            });
  }

  private void add(Row row, RowKey key) {
    TimelineItem item = SelectEvent.read(row, key);
    if (bytes.addAndGet(PartitionSlices.size(row)) > EventReader.MAX_BYTES && !events.isEmpty()) {
      throw StoreException.tooLarge(
          "the latest events have more than " + EventReader.MAX_BYTES + " bytes");
    }
    events.put(item.type(), item);
  }

  private CompletionStage<AsyncResultSet> send(BoundStatement select) {
    if (deadline.isOver()) {
      throw new StoreException(
          StoreException.Kind.TRANSIENT, "the latest events were not read in time");
    }
    return statements.send(
        select.setExecutionProfileName(SessionConfig.READ).setTimeout(deadline.requestTimeout()));
  }
}
