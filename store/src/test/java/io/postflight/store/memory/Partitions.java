package io.postflight.store.memory;

import io.postflight.store.PartitionKey;
import io.postflight.store.Position;
import io.postflight.store.Row;
import io.postflight.store.RowKey;
import io.postflight.store.Table;
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
  private final Map<PartitionKey, TreeMap<String, StoredRow>> partitions =
      new TreeMap<>(
          Comparator.comparing(PartitionKey::table)
              .thenComparing(PartitionKey::tenant)
              .thenComparing(PartitionKey::subject)
              .thenComparingLong(PartitionKey::bucket)
              .thenComparingInt(PartitionKey::shard));

  /** By table and subject: single buckets are never deleted. */
  private final Map<PartitionKey, Long> deletions = new HashMap<>();

  void write(Row row, long expiresAt) {
    RowKey key = row.key();
    row(row.partition(), clustering(key), position(key)).write(row, expiresAt);
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

  /** A message's row, created if it does not exist. */
  StoredRow message(String tenant, String messageId) {
    PartitionKey key = PartitionKey.of(Table.MESSAGE, tenant, messageId);
    return row(key, "", new Position(0, ""));
  }

  /** Deletes past and future writes to a subject up to a timestamp, in microseconds. */
  void delete(Table table, String tenant, String subject, long timestamp) {
    deletions.merge(subject(table, tenant, subject), timestamp, Math::max);
    rows(of(table, tenant, subject)).forEach(row -> row.delete(timestamp));
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
    long deletedAt =
        deletions.getOrDefault(
            subject(partition.table(), partition.tenant(), partition.subject()), Long.MIN_VALUE);
    return partitions
        .computeIfAbsent(partition, key -> new TreeMap<>())
        .computeIfAbsent(clustering, key -> new StoredRow(position, deletedAt));
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
