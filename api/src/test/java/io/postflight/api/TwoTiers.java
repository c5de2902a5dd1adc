package io.postflight.api;

import io.postflight.store.EventEraser;
import io.postflight.store.EventStore;
import io.postflight.store.Tier;
import io.postflight.store.memory.InMemoryEventStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** In-memory stores of the two tiers of the tenants of {@link TestApi}. */
final class TwoTiers {
  static final Tier TIER_30D = Tier.of("30d", Duration.ofDays(30));
  static final Tier TIER_15D = Tier.of("15d", Duration.ofDays(15));

  final InMemoryEventStore store30;
  final InMemoryEventStore store15;
  final Given in30;
  final Given in15;

  TwoTiers() {
    this(TestApi.NOW);
  }

  /** With stores whose clock stands at a time. */
  TwoTiers(Instant time) {
    store30 = new InMemoryEventStore(TIER_30D, InstantSource.fixed(time));
    store15 = new InMemoryEventStore(TIER_15D, InstantSource.fixed(time));
    in30 = new Given(store30, TIER_30D);
    in15 = new Given(store15, TIER_15D);
  }

  List<EventStore> stores() {
    return List.of(store30, store15);
  }

  /** The same rows, erased elsewhere. */
  List<EventStore> erasing(EventEraser eraser30, EventEraser eraser15) {
    return List.of(TestStore.erasing(store30, eraser30), TestStore.erasing(store15, eraser15));
  }
}
