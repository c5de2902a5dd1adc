package io.postflight.store;

import io.postflight.schema.lifecycle.Facts;
import io.postflight.schema.message.MessageRevision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Maximum size of keys; a pure function.
 *
 * <p>Cassandra and ScyllaDB store key lengths in 16 bits. A partition key of several columns is one
 * value, in Cassandra with three bytes around each column; the clustering columns together are one
 * too, in ScyllaDB with two bytes before each. The limit here satisfies both, so that a row which
 * one cluster accepts is accepted by every other.
 */
public final class KeyLimits {
  /** Maximum bytes of a partition key, or of all clustering columns, including framing. */
  public static final int MAX_BYTES = 65_535;

  private static final int PARTITION_FRAME = 3;
  private static final int CLUSTERING_FRAME = 2;
  private static final int MAX_UTF8_BYTES = 3;

  /** More than all columns other than text take, including framing. */
  private static final int OTHER_BYTES = 64;

  private static final Column TIME = new Column("time", Long.BYTES);
  private static final Column SHARD = new Column("shard", Short.BYTES);

  private record Column(String name, int bytes) {
    private static Column text(String name, String value) {
      return new Column(name, ByteSize.utf8(value));
    }
  }

  private KeyLimits() {}

  /**
   * Why a row cannot be stored.
   *
   * @return the column, its size and the limit, never its value; null if it can be stored
   */
  public static @Nullable String excess(Row row) {
    String excess = excess(RowKey.of(row));
    return excess == null ? excessOfOther(row) : excess;
  }

  /** Why a row with a key cannot be stored. */
  public static @Nullable String excess(RowKey key) {
    PartitionKey partition = key.partition();
    String tenant = partition.tenant();
    String subject = partition.subject();
    if (isSmall(tenant.length() + subject.length() + key.id().length())) {
      return null;
    }
    Column ofTenant = Column.text("tenant", tenant);
    return switch (partition.table()) {
      case TIMELINE ->
          excess(
              "timeline",
              List.of(ofTenant, Column.text("user_id", subject), TIME, SHARD),
              List.of(TIME, Column.text("event_id", key.id())));
      case LATEST ->
          excess(
              "latest",
              List.of(ofTenant, Column.text("user_id", subject)),
              List.of(Column.text("type", key.id())));
      case MESSAGE ->
          excess("message", List.of(ofTenant, Column.text("message_id", subject)), List.of());
      case MESSAGE_BY_TIME ->
          excess(
              "message_by_time",
              List.of(ofTenant, TIME, SHARD),
              List.of(TIME, Column.text("message_id", key.id())));
    };
  }

  /**
   * An event's message id and a message's user id are keys of other rows. A row whose id cannot be
   * a key there could not be found for erasure.
   */
  private static @Nullable String excessOfOther(Row row) {
    String tenant = row.partition().tenant();
    if (row instanceof TimelineRow timeline) {
      return excessOfMessage(tenant, timeline.event().messageId());
    }
    if (row instanceof LatestRow latest) {
      return excessOfMessage(tenant, latest.event().messageId());
    }
    if (row instanceof MessageRow message) {
      return excessOfUser(tenant, message.revision());
    }
    return row instanceof ListingRow listing ? excessOfUser(tenant, listing.revision()) : null;
  }

  private static @Nullable String excessOfMessage(String tenant, @Nullable String messageId) {
    return messageId == null ? null : excessOfMessageId(tenant, messageId);
  }

  private static @Nullable String excessOfUser(String tenant, MessageRevision message) {
    String user = Facts.text(message.getFacts(), Facts.USER_ID);
    return user == null ? null : excessOfUserId(tenant, user);
  }

  /** Why no row of a message can exist; null if rows may exist. */
  public static @Nullable String excessOfMessageId(String tenant, String messageId) {
    return excess(new RowKey(new PartitionKey(Table.MESSAGE, tenant, messageId, 0, 0), 0, ""));
  }

  /** Why no row of a user can exist; null if rows may exist. */
  public static @Nullable String excessOfUserId(String tenant, String userId) {
    return excess(new RowKey(new PartitionKey(Table.TIMELINE, tenant, userId, 0, 0), 0, ""));
  }

  private static boolean isSmall(int chars) {
    return chars <= (MAX_BYTES - OTHER_BYTES) / MAX_UTF8_BYTES;
  }

  private static @Nullable String excess(
      String table, List<Column> partition, List<Column> clustering) {
    String excess = excess("partition key of " + table, partition, PARTITION_FRAME);
    return excess == null
        ? excess("clustering key of " + table, clustering, CLUSTERING_FRAME)
        : excess;
  }

  private static @Nullable String excess(String key, List<Column> columns, int frame) {
    int size = 0;
    Column largest = TIME;
    for (Column column : columns) {
      size += column.bytes() + frame;
      largest = column.bytes() > largest.bytes() ? column : largest;
    }
    return size <= MAX_BYTES
        ? null
        : "%s has %d bytes, which makes %d of the %s; allowed are %d"
            .formatted(largest.name(), largest.bytes(), size, key, MAX_BYTES);
  }
}
