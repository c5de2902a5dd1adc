package io.postflight.store.memory;

import io.postflight.store.EventPointer;
import io.postflight.store.PartitionKey;
import io.postflight.store.Position;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
import io.postflight.store.TimelineRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** All rows of a store, and its partition deletions. Not thread-safe. */
final class Partitions {
  private static final String TYPE = "type";

  private final Map<PartitionKey, TreeMap<String, StoredRow>> partitions =
      new TreeMap<>(
          Comparator.comparing(PartitionKey::table)
              .thenComparing(PartitionKey::tenant)
              .thenComparing(PartitionKey::subject)
              .thenComparingLong(PartitionKey::bucket)
              .thenComparingInt(PartitionKey::shard));

  /** By table and subject: deletions of all buckets. */
  private final Map<PartitionKey, Long> deletions = new HashMap<>();

  /** The pointers of timeline partitions: a cell for each type. */
  private final Map<PartitionKey, StoredRow> pointers = new HashMap<>();

  void write(Row row, long expiresAt) {
    RowKey key = row.key();
    row(row.partition(), clustering(key), position(key)).write(row, expiresAt);
    if (row instanceof TimelineRow event) {
      pointers(row.partition())
          .put(
              EventPointer.slot(event.event().type()),
              event.pointer(),
              row.writeTimestampMicros(),
              expiresAt);
    }
  }

  /** The pointers of a timeline partition. */
  StoredRow pointers(PartitionKey partition) {
    return pointers.computeIfAbsent(
        partition, key -> new StoredRow(new Position(0, ""), deletedAt(key)));
  }

  /** Deletes past and future writes to a partition up to a timestamp, in microseconds. */
  void delete(PartitionKey partition, long timestamp) {
    rows(partition::equals).forEach(row -> row.delete(timestamp));
    pointers(partition).delete(timestamp);
  }

  /** The row with a key, live or not; empty if it was never written or deleted. */
  Optional<StoredRow> row(RowKey key) {
    return Optional.ofNullable(partitions.get(key.partition()))
        .map(stored -> stored.get(clustering(key)));
  }

  /** Deletes past and future writes to a row up to a timestamp, in microseconds. */
  void delete(RowKey key, long timestamp) {
    row(key.partition(), clustering(key), position(key)).delete(timestamp);
  }

  /**
   * Moves the pointers that lead to no live row to the last row of the same type in the partition,
   * or deletes them.
   */
  void repairPointers(Predicate<PartitionKey> requested, long now) {
    partitions.forEach(
        (partition, stored) -> {
          if (requested.test(partition)) {
            List<StoredRow> live = stored.values().stream().filter(row -> row.isLive(now)).toList();
            pointers(partition)
                .cells(now)
                .values()
                .forEach(pointer -> repair(pointers(partition), (EventPointer) pointer, live, now));
          }
        });
  }

  private static void repair(
      StoredRow pointers, EventPointer pointer, List<StoredRow> live, long now) {
    if (live.stream().anyMatch(row -> row.position.id().equals(pointer.eventId()))) {
      return;
    }
    String slot = EventPointer.slot(pointer.type());
    live.stream()
        .filter(row -> pointer.type().equals(row.cells(now).get(TYPE)))
        .max(Comparator.comparingLong(row -> row.writtenAt(TYPE)))
        .ifPresentOrElse(
            last ->
                pointers.put(
                    slot,
                    new EventPointer(
                        pointer.type(),
                        last.writtenAt(TYPE),
                        last.position.time(),
                        last.position.id(),
                        pointer.writtenMicros() + 1),
                    pointer.writtenMicros() + 1,
                    last.expiresAt(TYPE)),
            () -> pointers.put(slot, null, pointer.writtenMicros(), Long.MAX_VALUE));
  }

  /** A message's row, created if it does not exist. */
  StoredRow message(String tenant, String messageId) {
    PartitionKey key = PartitionKey.of(Table.MESSAGE, tenant, messageId);
    return row(key, "", new Position(0, ""));
  }

  /** Deletes past and future writes to a subject up to a timestamp, in microseconds. */
  void delete(Table table, String tenant, String subject, long timestamp) {
    deletions.merge(subject(table, tenant, subject), timestamp, Math::max);
    List.copyOf(partitions.keySet()).stream()
        .filter(of(table, tenant, subject))
        .forEach(partition -> delete(partition, timestamp));
  }

  List<StoredRow> rows(Predicate<PartitionKey> requested) {
    List<StoredRow> rows = new ArrayList<>();
    partitions.forEach(
        (partition, stored) -> {
          if (requested.test(partition)) {
            rows.addAll(stored.values());
          }
        });
    return rows;
  }

  List<StoredRow> live(Predicate<PartitionKey> requested, long now) {
    return rows(requested).stream().filter(row -> row.isLive(now)).toList();
  }

  void forEach(BiConsumer<PartitionKey, Map<String, StoredRow>> each) {
    partitions.forEach(each);
  }

  static Predicate<PartitionKey> of(Table table, String tenant, String subject) {
    return key ->
        key.table() == table && key.tenant().equals(tenant) && key.subject().equals(subject);
  }

  private StoredRow row(PartitionKey partition, String clustering, Position position) {
    return partitions
        .computeIfAbsent(partition, key -> new TreeMap<>())
        .computeIfAbsent(clustering, key -> new StoredRow(position, deletedAt(partition)));
  }

  private long deletedAt(PartitionKey partition) {
    return deletions.getOrDefault(
        subject(partition.table(), partition.tenant(), partition.subject()), Long.MIN_VALUE);
  }

  private static PartitionKey subject(Table table, String tenant, String subject) {
    return PartitionKey.of(table, tenant, subject);
  }

  private static Position position(RowKey key) {
    return new Position(key.time(), key.id());
  }

  private static String clustering(RowKey key) {
    return key.table().clusteringColumns().isEmpty() ? "" : key.time() + " " + key.id();
  }
}
