package io.postflight.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row to write, with the timestamps that make writes idempotent and commutative. */
public sealed interface Row permits TimelineRow, LatestRow, MessageRow, ListingRow {
  /** The table it belongs to. */
  default Table table() {
    return partition().table();
  }

  /** The partition it belongs to. */
  PartitionKey partition();

  /** Write timestamp of all its cells, microseconds: a function of the record alone. */
  long writeTimestampMicros();

  /** Start of its retention, epoch milliseconds. */
  long expiryAnchorMillis();

  /** Approximate size in a request: keys and values, UTF-8. */
  int sizeBytes();

  /** Human-readable keys, without content. Contains user ids, so must not be logged. */
  String describe();

  /**
   * The columns outside the primary key, by name. A missing column stays unset; a null value
   * deletes the column (a redacted field). The elements of {@link MessageColumns#LISTINGS} are
   * added to existing ones; every other value replaces the existing one. Values are String, Long
   * (epoch milliseconds), Integer, Map, List, {@link io.postflight.schema.event.EventError}, {@link
   * io.postflight.schema.event.Price}, {@link FactOrigin} or {@link TimelineItem}.
   */
  Map<String, @Nullable Object> cells();
}
