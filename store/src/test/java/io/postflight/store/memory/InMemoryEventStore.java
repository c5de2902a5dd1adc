package io.postflight.store.memory;

import io.postflight.schema.erasure.Erasure;
import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.message.MessageRevision;
import io.postflight.store.ErasureValidator;
import io.postflight.store.EventPointer;
import io.postflight.store.EventStore;
import io.postflight.store.IdentityRow;
import io.postflight.store.KeyLimits;
import io.postflight.store.LatestEvents;
import io.postflight.store.LatestQuery;
import io.postflight.store.ListingItem;
import io.postflight.store.ListingQuery;
import io.postflight.store.ListingRow;
import io.postflight.store.MessageColumns;
import io.postflight.store.Order;
import io.postflight.store.Page;
import io.postflight.store.PartitionKey;
import io.postflight.store.Position;
import io.postflight.store.RemainingTtl;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.RowReader;
import io.postflight.store.RowRemover;
import io.postflight.store.RowScanner;
import io.postflight.store.StoreException;
import io.postflight.store.StoredCells;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import io.postflight.store.TimelineItem;
import io.postflight.store.TimelineQuery;
import io.postflight.store.TimelineRow;
import io.postflight.store.WriteResult;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The in-memory reference implementation. It resolves writes as the database does, cell by cell by
 * write timestamp, and expires cells by an injected clock, but reads by sorting all rows, so that
 * the CQL implementation's reads over buckets and shards are compared with a simple model.
 */
public final class InMemoryEventStore implements EventStore, RowReader, RowRemover, RowScanner {
  private static final Comparator<Position> NEWEST_FIRST =
      Comparator.comparingLong(Position::time).reversed().thenComparing(Position::id);

  private final Tier tier;
  private final InstantSource clock;
  private final Partitions partitions = new Partitions();

  /** Creates an empty store. */
  public InMemoryEventStore(Tier tier, InstantSource clock) {
    this.tier = tier;
    this.clock = clock;
  }

  @Override
  public Tier tier() {
    return tier;
  }

  @Override
  public synchronized CompletionStage<WriteResult> write(List<Row> samePartition) {
    if (samePartition.stream().map(Row::partition).distinct().count() > 1) {
      return CompletableFuture.failedFuture(
          new StoreException(
              StoreException.Kind.INVALID, "rows of several partitions in one write"));
    }
    Optional<String> excess =
        samePartition.stream().map(KeyLimits::excess).filter(Objects::nonNull).findFirst();
    if (excess.isPresent()) {
      return CompletableFuture.failedFuture(
          new StoreException(StoreException.Kind.INVALID, excess.get()));
    }
    long now = clock.millis();
    int expired = 0;
    for (Row row : samePartition) {
      RemainingTtl ttl = row.remainingTtl(tier.retention(), now);
      if (ttl.expired()) {
        expired++;
      } else {
        partitions.write(row, ttl.expiresAt(now));
      }
    }
    return CompletableFuture.completedFuture(
        new WriteResult(samePartition.size() - expired, expired));
  }

  @Override
  public CompletionStage<Void> probe() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized CompletionStage<Optional<MessageRevision>> message(
      String tenant, String messageId) {
    PartitionKey partition = PartitionKey.of(Table.MESSAGE, tenant, messageId);
    return CompletableFuture.completedFuture(
        live(partition::equals).stream()
            .map(row -> row.cells(clock.millis()))
            .filter(MessageColumns::isMessage)
            .map(cells -> MessageColumns.revision(tenant, messageId, tier.name(), cells))
            .findFirst());
  }

  @Override
  public synchronized CompletionStage<List<AliasLink>> identity(String tenant, String alias) {
    PartitionKey partition = PartitionKey.of(Table.IDENTITY, tenant, alias);
    return CompletableFuture.completedFuture(
        live(partition::equals).stream()
            .map(row -> IdentityRow.links(row.cells(clock.millis())))
            .findFirst()
            .orElse(List.of()));
  }

  @Override
  public synchronized CompletionStage<Page<TimelineItem>> timeline(TimelineQuery query) {
    List<TimelineItem> found =
        live(Partitions.of(Table.TIMELINE, query.tenant(), query.userId())).stream()
            .map(
                row ->
                    TimelineRow.event(
                        row.position.time(), row.position.id(), row.cells(clock.millis())))
            .filter(query::matches)
            .filter(item -> within(item.eventTime(), query.page().since(), query.page().until()))
            .filter(item -> isAfter(item.position(), query.page().after(), NEWEST_FIRST))
            .sorted(Comparator.comparing(TimelineItem::position, NEWEST_FIRST))
            .toList();
    List<TimelineItem> page = found.subList(0, Math.min(query.page().limit(), found.size()));
    return CompletableFuture.completedFuture(
        new Page<>(page, next(page, found.size(), TimelineItem::position), false));
  }

  @Override
  public synchronized CompletionStage<LatestEvents> latest(LatestQuery query) {
    Map<String, EventPointer> last = new TreeMap<>();
    Set<String> unknown = new TreeSet<>();
    String type = query.type();
    partitions.forEach(
        (partition, rows) -> {
          if (Partitions.of(Table.TIMELINE, query.tenant(), query.userId()).test(partition)) {
            for (EventPointer pointer : pointers(partition).values()) {
              if (type == null || type.equals(pointer.type())) {
                last.merge(pointer.type(), pointer, EventPointer::later);
              }
            }
          }
        });
    if (type != null && last.isEmpty()) {
      unknown.add(type);
    }
    List<TimelineItem> events = new ArrayList<>();
    last.forEach(
        (of, pointer) -> {
          Optional<TimelineItem> event = event(query.tenant(), query.userId(), pointer);
          event.ifPresent(events::add);
          if (event.isEmpty() || pointer.isMoved()) {
            unknown.add(of);
          }
        });
    return events.stream().mapToLong(TimelineItem::bytes).sum() > MAX_BYTES && events.size() > 1
        ? CompletableFuture.failedFuture(StoreException.tooLarge("the last events are too large"))
        : CompletableFuture.completedFuture(new LatestEvents(events, List.copyOf(unknown)));
  }

  private Optional<TimelineItem> event(String tenant, String userId, EventPointer pointer) {
    return live(Partitions.of(Table.TIMELINE, tenant, userId)).stream()
        .filter(row -> row.position.id().equals(pointer.eventId()))
        .filter(row -> row.position.time() == pointer.eventTime())
        .map(
            row ->
                TimelineRow.event(
                    row.position.time(), row.position.id(), row.cells(clock.millis())))
        .findFirst();
  }

  /** The live pointers of a timeline partition, by slot. */
  public synchronized Map<String, EventPointer> pointers(PartitionKey partition) {
    Map<String, EventPointer> pointers = new TreeMap<>();
    partitions
        .pointers(partition)
        .cells(clock.millis())
        .forEach((slot, pointer) -> pointers.put(slot, (EventPointer) pointer));
    return pointers;
  }

  @Override
  public synchronized CompletionStage<Page<ListingItem>> listing(ListingQuery query) {
    Comparator<Position> order =
        query.order() == Order.NEWEST_FIRST ? NEWEST_FIRST : NEWEST_FIRST.reversed();
    List<ListingItem> found =
        live(Partitions.of(Table.MESSAGE_BY_TIME, query.tenant(), "")).stream()
            .map(
                row ->
                    ListingRow.item(
                        row.position.time(), row.position.id(), row.cells(clock.millis())))
            .filter(query.filter()::matches)
            .filter(item -> within(item.listedAt(), query.page().since(), query.page().until()))
            .filter(item -> isAfter(item.position(), query.page().after(), order))
            .sorted(Comparator.comparing(ListingItem::position, order))
            .toList();
    List<ListingItem> page = found.subList(0, Math.min(query.page().limit(), found.size()));
    return CompletableFuture.completedFuture(
        new Page<>(page, next(page, found.size(), ListingItem::position), false));
  }

  @Override
  public synchronized CompletionStage<Long> erase(Erasure command, long timestampMicros) {
    try {
      ErasureValidator.require(command);
    } catch (IllegalArgumentException rejected) {
      return CompletableFuture.failedFuture(
          new StoreException(
              StoreException.Kind.INVALID, String.valueOf(rejected.getMessage()), rejected));
    }
    return CompletableFuture.completedFuture(
        new InMemoryEraser(partitions, tier, command, timestampMicros, clock.millis()).apply());
  }

  @Override
  public synchronized CompletionStage<Optional<StoredCells>> read(RowKey key) {
    String excess = KeyLimits.excess(key);
    if (excess != null) {
      return CompletableFuture.failedFuture(
          new StoreException(StoreException.Kind.INVALID, excess));
    }
    long now = clock.millis();
    return CompletableFuture.completedFuture(
        partitions.row(key).filter(row -> row.isLive(now)).map(row -> row.stored(now)));
  }

  @Override
  public synchronized CompletionStage<Void> remove(RowKey key, long timestampMicros) {
    String excess = KeyLimits.excess(key);
    if (excess != null) {
      return CompletableFuture.failedFuture(
          new StoreException(StoreException.Kind.INVALID, excess));
    }
    partitions.delete(key, timestampMicros);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized CompletionStage<Void> remove(PartitionKey partition, long timestampMicros) {
    partitions.delete(partition, timestampMicros);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized CompletionStage<Void> repairPointers(PartitionKey partition) {
    partitions.repairPointers(partition::equals, clock.millis());
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public synchronized CompletionStage<ScanPage> scan(
      Table table, int slice, int slices, @Nullable ByteBuffer after, int limit) {
    long now = clock.millis();
    List<ScannedRow> all = new ArrayList<>();
    partitions.forEach(
        (partition, stored) -> {
          if (partition.table() == table && Math.floorMod(partition.hashCode(), slices) == slice) {
            stored.values().stream()
                .filter(row -> row.isLive(now))
                .map(row -> row.scanned(partition, now))
                .forEach(all::add);
          }
        });
    int from = after == null ? 0 : after.getInt(0);
    int to = Math.min(all.size(), from + limit);
    return CompletableFuture.completedFuture(
        new ScanPage(
            all.subList(Math.min(from, to), to),
            to == all.size() ? null : ByteBuffer.allocate(Integer.BYTES).putInt(0, to)));
  }

  @Override
  public void close() {
    // No resources to release; the rows stay readable, like those of a database.
  }

  /** Number of live rows of a table. */
  public synchronized int count(Table table) {
    return live(partition -> partition.table() == table).size();
  }

  /** The live rows of a table as text, keys and cells, for comparison. */
  public synchronized List<String> rows(Table table) {
    long now = clock.millis();
    List<String> rows = new ArrayList<>();
    partitions.forEach(
        (partition, stored) -> {
          if (partition.table() == table) {
            stored.forEach(
                (clustering, row) -> {
                  if (row.isLive(now)) {
                    rows.add(partition + " " + clustering + " " + new TreeMap<>(row.cells(now)));
                  }
                });
          }
        });
    return rows;
  }

  /** As a SELECT of all columns: rows with the pointers of their partition, or these alone. */
  synchronized List<String> dump(Table table) {
    List<String> all = new ArrayList<>();
    partitions.forEach(
        (partition, stored) -> {
          if (partition.table() == table) {
            Map<String, EventPointer> last = pointers(partition);
            List<String> rows =
                rows(table).stream().filter(row -> row.startsWith(partition + " ")).toList();
            rows.forEach(row -> all.add(row + last));
            if (rows.isEmpty() && !last.isEmpty()) {
              all.add(partition + " " + last);
            }
          }
        });
    return all;
  }

  private List<StoredRow> live(Predicate<PartitionKey> requested) {
    return partitions.live(requested, clock.millis());
  }

  private static boolean within(long time, @Nullable Long since, @Nullable Long until) {
    return (since == null || time >= since) && (until == null || time < until);
  }

  private static boolean isAfter(
      Position position, @Nullable Position after, Comparator<Position> order) {
    return after == null || order.compare(position, after) > 0;
  }

  private static <T> @Nullable Position next(
      List<T> page, int found, Function<T, Position> position) {
    return page.size() == found ? null : position.apply(page.get(page.size() - 1));
  }
}
