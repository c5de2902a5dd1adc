package io.postflight.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row to be written, with the times that make writing it repeatable in any order. */
public sealed interface Row permits TimelineRow, LatestRow, MessageRow, ListingRow {
  /** The table it belongs to. */
  default Table table() {
    return partition().table();
  }

  /** The partition it belongs to. */
  PartitionKey partition();

  /** What all its cells are stamped with, microseconds: a function of the record alone. */
  long writeTimestampMicros();

  /** What its retention counts from, epoch milliseconds. */
  long expiryAnchorMillis();

  /** About how many bytes it takes in a request: its keys and values, UTF-8. */
  int sizeBytes();

  /** The row's keys in words, no content; ids of people among them, so not for logs. */
  String describe();

  /**
   * The columns outside the primary key, by name. A column that is not there stays unset; one that
   * is there with null is to be deleted (a redacted field). The elements of {@link
   * MessageColumns#LISTINGS} are added to what is there; every other value replaces it. Values are
   * String, Long (epoch milliseconds), Integer, Map, List, {@link
   * io.postflight.schema.event.EventError}, {@link io.postflight.schema.event.Price}, {@link
   * FactOrigin} or {@link TimelineItem}.
   */
  Map<String, @Nullable Object> cells();
}
