package io.postflight.store.memory;

import io.postflight.store.EventStore;
import io.postflight.store.RedactionContract;
import io.postflight.store.Table;
import io.postflight.store.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

class InMemoryRedactionTest extends RedactionContract {
  private Instant now = Instant.parse("2026-11-20T12:00:00.123Z");
  private final InMemoryEventStore store = new InMemoryEventStore(TIER, () -> now);

  @Override
  protected EventStore store(Tier tier) {
    return store;
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
    return store.rows(table).stream()
        .filter(row -> row.contains("tenant=" + tenant + ","))
        .sorted()
        .toList();
  }
}
