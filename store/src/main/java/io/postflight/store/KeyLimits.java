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

  private KeyLimits() {}

  /**
   * Why a row cannot be stored.
   *
   * @return the column, its size and the limit, never its value; null if it can be stored
   */
  public static @Nullable String excess(Row row) {
    String excess = excess(row.key());
    return excess == null ? excessOfOther(row) : excess;
  }

  /** Why a row with a key cannot be stored. */
  public static @Nullable String excess(RowKey key) {
    PartitionKey partition = key.partition();
    if (isSmall(partition.tenant().length() + partition.subject().length() + key.id().length())) {
      return null;
    }
    Table table = key.table();
    String excess =
        excess(
            "partition key of " + table.cqlName(),
            table.partitionColumns(),
            partition.values(),
            PARTITION_FRAME);
    return excess == null
        ? excess(
            "clustering key of " + table.cqlName(),
            table.clusteringColumns(),
            key.clustering(),
            CLUSTERING_FRAME)
        : excess;
  }

  /**
   * An event's message id and a message's user id are keys of other rows; its type may be as long
   * as a key. A row whose id cannot be a key there could not be found for erasure.
   */
  private static @Nullable String excessOfOther(Row row) {
    String tenant = row.partition().tenant();
    if (row instanceof TimelineRow timeline) {
      String excess = excessOfType(timeline.event().type());
      return excess == null ? excessOfMessage(tenant, timeline.event().messageId()) : excess;
    }
    if (row instanceof MessageRow message) {
      return excessOfUser(tenant, message.revision());
    }
    return row instanceof ListingRow listing ? excessOfUser(tenant, listing.revision()) : null;
  }

  /** The pointers of a timeline partition are a map by type, whose keys are limited too. */
  private static @Nullable String excessOfType(String type) {
    return isSmall(type.length())
        ? null
        : excess("pointers of timeline", List.of("type"), List.of(type), CLUSTERING_FRAME);
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
    return excess(RowKey.ofMessage(tenant, messageId));
  }

  /** Why no row of a user can exist; null if rows may exist. */
  public static @Nullable String excessOfUserId(String tenant, String userId) {
    return excess(new RowKey(PartitionKey.of(Table.TIMELINE, tenant, userId), 0, ""));
  }

  private static boolean isSmall(int chars) {
    return chars <= (MAX_BYTES - OTHER_BYTES) / MAX_UTF8_BYTES;
  }

  private static @Nullable String excess(
      String key, List<String> columns, List<Object> values, int frame) {
    int size = 0;
    int largest = 0;
    for (int i = 0; i < values.size(); i++) {
      size += bytes(values.get(i)) + frame;
      largest = bytes(values.get(i)) > bytes(values.get(largest)) ? i : largest;
    }
    return size <= MAX_BYTES
        ? null
        : "%s has %d bytes, which makes %d of the %s; allowed are %d"
            .formatted(columns.get(largest), bytes(values.get(largest)), size, key, MAX_BYTES);
  }

  private static int bytes(Object value) {
    return value instanceof String text
        ? ByteSize.utf8(text)
        : value instanceof Long ? Long.BYTES : Short.BYTES;
  }
}
