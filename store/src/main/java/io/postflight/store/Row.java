package io.postflight.store;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row to write, with the timestamps that make writes idempotent and commutative. Its cells and
 * its size are computed once.
 */
public abstract sealed class Row permits TimelineRow, MessageRow, ListingRow, IdentityRow {
  /** Bytes of a row in a request besides its key and its cells, approximately. */
  private static final int OVERHEAD = 40;

  private final RowKey key;
  private final long writeTimestampMicros;
  private final long expiryAnchorMillis;
  private final Map<String, @Nullable Object> cells;
  private final int sizeBytes;

  /**
   * @param cells a map that is not changed afterwards
   */
  Row(
      RowKey key,
      long writeTimestampMicros,
      long expiryAnchorMillis,
      Map<String, @Nullable Object> cells) {
    this.key = key;
    this.writeTimestampMicros = writeTimestampMicros;
    this.expiryAnchorMillis = expiryAnchorMillis;
    this.cells = Collections.unmodifiableMap(cells);
    this.sizeBytes =
        OVERHEAD
            + ByteSize.of(key.partition().tenant())
            + ByteSize.of(key.partition().subject())
            + ByteSize.of(key.id())
            + ByteSize.of(cells);
  }

  /** Its primary key. */
  public final RowKey key() {
    return key;
  }

  /** The table it belongs to. */
  public final Table table() {
    return key.table();
  }

  /** The partition it belongs to. */
  public final PartitionKey partition() {
    return key.partition();
  }

  /** Write timestamp of all its cells, microseconds: a function of the record alone. */
  public final long writeTimestampMicros() {
    return writeTimestampMicros;
  }

  /** Start of its retention, epoch milliseconds. */
  public final long expiryAnchorMillis() {
    return expiryAnchorMillis;
  }

  /**
   * The TTL that remains of its retention; none in a table whose rows do not expire.
   *
   * @param retention of the tier; null if unlimited
   * @param nowMillis the time of the write, epoch milliseconds
   */
  public final RemainingTtl remainingTtl(@Nullable Duration retention, long nowMillis) {
    return RemainingTtl.of(expiryAnchorMillis, table().expires() ? retention : null, nowMillis);
  }

  /** Approximate size in a request: keys and values, UTF-8. */
  public final int sizeBytes() {
    return sizeBytes;
  }

  /**
   * The columns outside the primary key, by name. A missing column stays unset; a null value
   * deletes the column (a redacted field). The elements of {@link MessageColumns#LISTINGS} are
   * added to existing ones; every other value replaces the existing one. Values are String, Long
   * (epoch milliseconds), Integer, Map, List, {@link io.postflight.schema.event.EventError}, {@link
   * io.postflight.schema.event.Price}, {@link io.postflight.schema.message.MessageEdit}, {@link
   * io.postflight.schema.identity.AliasLink} or {@link FactOrigin}.
   */
  public final Map<String, @Nullable Object> cells() {
    return cells;
  }

  /**
   * Whether writing this row makes writing another one pointless: it is the same row, written
   * later, it sets or deletes each column that the other sets or deletes, and it does not expire
   * earlier. In one mutation with it no cell of the other ever becomes visible.
   */
  public final boolean covers(Row other) {
    return writeTimestampMicros > other.writeTimestampMicros
        && expiryAnchorMillis >= other.expiryAnchorMillis
        && key.equals(other.key)
        && cells.keySet().containsAll(other.cells.keySet())
        && elements().containsAll(other.elements());
  }

  /** Keys of the elements that are added to a column rather than replacing it. */
  private Set<?> elements() {
    return cells.get(MessageColumns.LISTINGS) instanceof Map<?, ?> listings
        ? listings.keySet()
        : Set.of();
  }

  /** Human-readable keys, without content. Contains user ids, so must not be logged. */
  public abstract String describe();

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof Row row
        && key.equals(row.key)
        && writeTimestampMicros == row.writeTimestampMicros
        && expiryAnchorMillis == row.expiryAnchorMillis
        && cells.equals(row.cells);
  }

  @Override
  public final int hashCode() {
    return Objects.hash(key, writeTimestampMicros);
  }

  @Override
  public final String toString() {
    return describe();
  }
}
