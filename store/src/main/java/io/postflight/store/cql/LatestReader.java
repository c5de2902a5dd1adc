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
  private final Map<String, Target> targets = new ConcurrentSkipListMap<>();
  private final Map<String, TimelineItem> events = new ConcurrentSkipListMap<>();
  private final ConcurrentSkipListSet<String> deleted = new ConcurrentSkipListSet<>();
  private final AtomicLong bytes = new AtomicLong();

  private record Target(EventPointer pointer, PartitionKey partition) {
    private static Target later(Target a, Target b) {
      return EventPointer.ORDER.compare(a.pointer, b.pointer) >= 0 ? a : b;
    }
  }

  /**
   * @param type exact type; null: all
   */
  LatestReader(Statements statements, @Nullable String type) {
    this.statements = statements;
    this.type = type;
  }

  CompletionStage<LatestEvents> read(List<PartitionKey> partitions) {
    return BoundedConcurrency.over(partitions, CONCURRENCY, this::pointers)
        .thenCompose(read -> BoundedConcurrency.over(targets.entrySet(), CONCURRENCY, this::event))
        .thenApply(read -> new LatestEvents(List.copyOf(events.values()), List.copyOf(deleted)));
  }

  private CompletionStage<Long> pointers(PartitionKey partition) {
    return send(statements.selectPointers().bind(partition))
        .thenApply(
            found -> {
              SelectPointers.read(found.one())
                  .forEach(
                      (of, pointer) -> {
                        if (type == null || type.equals(of)) {
                          targets.merge(of, new Target(pointer, partition), Target::later);
                        }
                      });
              return 0L;
            });
  }

  private CompletionStage<Long> event(Map.Entry<String, Target> target) {
    EventPointer pointer = target.getValue().pointer();
    RowKey key = new RowKey(target.getValue().partition(), pointer.eventTime(), pointer.eventId());
    return send(statements.selectEvent().bind(key))
        .thenApply(
            found -> {
              Row row = found.one();
              if (row == null) {
                deleted.add(target.getKey());
              } else {
                add(row, key);
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
    return statements.send(select.setExecutionProfileName(SessionConfig.READ));
  }
}
