package io.postflight.store.memory;

import io.postflight.store.EventStore;
import io.postflight.store.StoreEnvironment;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** In-memory stores with a clock that only tests advance. */
final class InMemoryStores implements StoreEnvironment {
  private final Map<Tier, InMemoryEventStore> stores = new HashMap<>();
  private Instant now = Instant.parse("2026-11-20T12:00:00.123Z");

  @Override
  public EventStore store(Tier tier) {
    return stores.computeIfAbsent(tier, key -> new InMemoryEventStore(key, () -> now));
  }

  @Override
  public long now() {
    return now.toEpochMilli();
  }

  @Override
  public void advance(Duration time) {
    now = now.plus(time);
  }

  @Override
  public String withoutPointers(String row) {
    return row.startsWith("PartitionKey[table=TIMELINE") ? row.replaceAll("\\}\\{.*$", "}") : row;
  }

  @Override
  public List<String> dump(Table table, String tenant) {
    return stores.values().stream()
        .flatMap(store -> store.dump(table).stream())
        .filter(row -> row.contains("tenant=" + tenant + ","))
        .sorted()
        .toList();
  }
}
