package io.postflight.store.memory;

import io.postflight.store.EventStore;
import io.postflight.store.RowReader;
import io.postflight.store.RowReaderContract;
import io.postflight.store.Tier;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

class InMemoryRowReaderTest extends RowReaderContract {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00.123Z");
  private final Map<Tier, InMemoryEventStore> stores = new HashMap<>();

  @Override
  protected EventStore store(Tier tier) {
    return of(tier);
  }

  @Override
  protected RowReader reader(Tier tier) {
    return of(tier);
  }

  @Override
  protected long now() {
    return NOW.toEpochMilli();
  }

  private InMemoryEventStore of(Tier tier) {
    return stores.computeIfAbsent(tier, key -> new InMemoryEventStore(key, () -> NOW));
  }
}
