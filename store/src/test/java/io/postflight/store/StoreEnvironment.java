package io.postflight.store;

import java.time.Duration;
import java.util.List;

/** The implementation under test: stores that share their rows, and their clock. */
public interface StoreEnvironment {
  /** A store of a tier. */
  EventStore store(Tier tier);

  /** The stores' time, epoch milliseconds. */
  long now();

  /** Advances the stores' time. */
  void advance(Duration time);

  /** All rows of a table that belong to a tenant, with every column, sorted. */
  List<String> dump(Table table, String tenant);

  /** A row of a dump without the pointers of its partition. */
  String withoutPointers(String row);
}
