package io.postflight.store;

import java.util.List;
import java.util.Locale;

/** The tables of a tier's keyspace, with the columns of their primary keys. */
public enum Table {
  /** A user's journey, by time, with pointers to the last event of each type. */
  TIMELINE(List.of("tenant", "user_id", "bucket", "shard"), List.of("event_time", "event_id")),
  /** One message, all facts, in flight or complete. */
  MESSAGE(List.of("tenant", "message_id"), List.of()),
  /** A tenant's completed messages, by time. */
  MESSAGE_BY_TIME(List.of("tenant", "bucket", "shard"), List.of("listed_at", "message_id")),
  /** The links of an id to other ids of the same person. */
  IDENTITY(List.of("tenant", "alias"), List.of());

  private final String cqlName = name().toLowerCase(Locale.ROOT);

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> partitionColumns;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> clusteringColumns;

  Table(List<String> partitionColumns, List<String> clusteringColumns) {
    this.partitionColumns = partitionColumns;
    this.clusteringColumns = clusteringColumns;
  }

  /** The table's name in CQL. */
  public String cqlName() {
    return cqlName;
  }

  /** Whether its rows expire with the retention; otherwise they are kept until they are deleted. */
  public boolean expires() {
    return this != IDENTITY;
  }

  /** The columns of the partition key, in order. */
  public List<String> partitionColumns() {
    return partitionColumns;
  }

  /** The clustering columns, in order. */
  public List<String> clusteringColumns() {
    return clusteringColumns;
  }
}
