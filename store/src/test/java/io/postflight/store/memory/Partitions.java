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
          .put(event.event().type(), event.pointer(), row.writeTimestampMicros(), expiresAt);
    }
  }

  /** The pointers of a timeline partition. */
  StoredRow pointers(PartitionKey partition) {
    return pointers.computeIfAbsent(
        partition, key -> new StoredRow(new Position(0, ""), deletedAt(key)));
  }

  /** Deletes past and future writes to a partition up to a timestamp, in microseconds. */
  void delete(PartitionKey partition, long timestamp, long now) {
    Map<String, StoredRow> stored = partitions.getOrDefault(partition, new TreeMap<>());
    stored.values().forEach(row -> row.delete(timestamp));
    pointers(partition).delete(timestamp);
    pointers(partition)
        .cells(now)
        .forEach(
            (type, pointer) -> {
              if (((EventPointer) pointer).anchorMicros() <= timestamp) {
                move(partition, stored, type, (EventPointer) pointer, row -> false, now);
              }
            });
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
   * Moves the pointer to a row that is about to be deleted to the newest row of its type in its
   * partition that remains, or deletes it.
   *
   * @param requested the partitions that may have the row
   * @param erased whether a row is about to be deleted too
   */
  void movePointer(
      Predicate<PartitionKey> requested, StoredRow row, Predicate<StoredRow> erased, long now) {
    partitions.forEach(
        (partition, stored) -> {
          String type = String.valueOf(row.cells(now).get(TYPE));
          if (requested.test(partition)
              && stored.containsValue(row)
              && pointers(partition).cells(now).get(type) instanceof EventPointer pointer
              && pointer.eventId().equals(row.position.id())) {
            move(partition, stored, type, pointer, erased, now);
          }
        });
  }

  private void move(
      PartitionKey partition,
      Map<String, StoredRow> stored,
      String type,
      EventPointer pointer,
      Predicate<StoredRow> erased,
      long now) {
    long written = pointer.writtenMicros();
    stored.values().stream()
        .filter(other -> type.equals(other.cells(now).get(TYPE)))
        .filter(erased.negate())
        .max(Comparator.comparingLong(other -> other.position.time()))
        .ifPresentOrElse(
            next ->
                pointers(partition)
                    .put(
                        type,
                        new EventPointer(
                            next.writtenAt(TYPE),
                            next.position.time(),
                            next.position.id(),
                            written + 1),
                        written + 1,
                        next.expiresAt(TYPE)),
            () -> pointers(partition).put(type, null, written, Long.MAX_VALUE));
  }

  /** A message's row, created if it does not exist. */
  StoredRow message(String tenant, String messageId) {
    PartitionKey key = PartitionKey.of(Table.MESSAGE, tenant, messageId);
    return row(key, "", new Position(0, ""));
  }

  /** Deletes past and future writes to a subject up to a timestamp, in microseconds. */
  void delete(Table table, String tenant, String subject, long timestamp, long now) {
    deletions.merge(subject(table, tenant, subject), timestamp, Math::max);
    List<PartitionKey> affected =
        partitions.keySet().stream().filter(of(table, tenant, subject)).toList();
    affected.forEach(partition -> delete(partition, timestamp, now));
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
    return key.table() == Table.MESSAGE ? "" : key.time() + " " + key.id();
  }
}
