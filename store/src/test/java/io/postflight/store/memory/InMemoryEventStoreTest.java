package io.postflight.store.memory;

import io.postflight.store.EventStore;
import io.postflight.store.EventStoreContract;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class InMemoryEventStoreTest extends EventStoreContract {
  private final Map<Tier, InMemoryEventStore> stores = new HashMap<>();
  private Instant now = Instant.parse("2026-11-20T12:00:00.123Z");

  @Override
  protected EventStore store(Tier tier) {
    return stores.computeIfAbsent(tier, key -> new InMemoryEventStore(key, () -> now));
  }

  @Override
  protected long now() {
    return now.toEpochMilli();
  }

  @Override
  protected void advance(Duration time) {
    now = now.plus(time);
  }

  @Override
  protected List<String> dump(Table table, String tenant) {
    return stores.values().stream()
        .flatMap(store -> store.rows(table).stream())
        .filter(row -> row.contains(tenant))
        .sorted()
        .toList();
  }
}
